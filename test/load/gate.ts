import { startFakeCloudMonitoring } from '../../slo/cloud-monitoring/fakes.ts';
import { run } from './k6.ts';

const SERVICE = 'records-api';
const SLOS = ['availability', 'latency', 'freshness', 'outside'];
const readings = (value: number) => Object.fromEntries(SLOS.map(slo => [`${SERVICE}/${slo}`, value]));

/** What the gate says of a k6 result file, beside a Cloud Monitoring where all is well, or one that has no data. */
export async function askGate(file: string, { hasTelemetry = true } = {}) {
  const [budgets, burns] = hasTelemetry ? [readings(0.8), readings(0.2)] : [{}, {}];
  await using monitoring = await startFakeCloudMonitoring({ services: { [SERVICE]: SLOS }, budgets, burns });
  const where = ['--service', SERVICE, '--endpoint', monitoring.endpoint, '--project', 'local'];
  return await run(process.execPath, ['cli/burnline.ts', 'gate', ...where, '--k6', file]);
}
