// What runs in the containers of this script: it counts pushes, answers them as their path says, and sends a metric as itself.
import { createServer } from 'node:http';

const { PORT, OTLP_URL, LOCATION, PROJECT, GCE_METADATA_HOST = 'metadata.google.internal' } = process.env;
const TOKEN = `http://${GCE_METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default/token`;
const pushes = {};

async function sendMetric() {
  const answer = await fetch(TOKEN, { headers: { 'metadata-flavor': 'Google' } });
  const { access_token: token } = await answer.json();
  const attributes = Object.entries({
    ...{ 'service.name': 'burnline-facts', 'service.instance.id': process.env.K_SERVICE ?? 'none' },
    ...{ 'cloud.region': LOCATION, 'gcp.project_id': PROJECT },
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const gauge = { dataPoints: [{ timeUnixNano: `${Date.now()}000000`, asDouble: 1 }] };
  const scopeMetrics = [{ metrics: [{ name: process.env.METRIC, gauge }] }];
  const sent = await fetch(`${OTLP_URL}/v1/metrics`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics }] }),
  });
  return { status: sent.status, said: (await sent.text()).slice(0, 500) };
}

createServer(async (request, response) => {
  request.resume();
  const [, path, status] = request.url.split('/');
  let body = { container: true, pushes };
  if (path === 'push') pushes[status] = (pushes[status] ?? 0) + 1;
  if (path === 'metric') body = await sendMetric().catch(error => ({ status: 0, said: String(error) }));
  response.writeHead(path === 'push' ? Number(status) : 200, { 'content-type': 'application/json' });
  response.end(status === '204' ? undefined : JSON.stringify(body));
}).listen(PORT);
