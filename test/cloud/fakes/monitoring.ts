import { type FakeAnswer, type FakeApi, type FakeRequest, type FakeState, ok, refused } from './api.ts';
import type { FakeDescriptor } from './telemetry.ts';

const DAY_SECONDS = 86_400;

/** Cloud Monitoring. The first look at burn rates comes too early. */
export function createFakeMonitoring(state: FakeState, descriptors: () => readonly FakeDescriptor[]): FakeApi {
  const { isOtherwise, made } = state;
  let looks = 0;
  let policies = 0;
  const written = new Set<string>();

  function make(path: string, resource: object): FakeAnswer {
    made.set(`monitoring${path}`, resource);
    return ok(resource);
  }

  function makeSlo({ path, query, body }: FakeRequest): FakeAnswer {
    const { totalServiceFilter } = body.serviceLevelIndicator.requestBased.goodTotalRatio;
    const type = /metric\.type="([^"]+)"/.exec(totalServiceFilter)?.[1];
    const isKnown = descriptors().some(descriptor => descriptor.type === type);
    if (!isKnown && !isOtherwise('slo-before-metric')) return refused(`there is no metric ${type}`);
    const name = `${path.slice('/v3/'.length)}/${query.get('serviceLevelObjectiveId')}`;
    return make(`/v3/${name}`, { name, totalServiceFilter });
  }

  function makePolicy({ conditions: [condition], documentation, enabled }: FakeRequest['body']): FakeAnswer {
    if (enabled !== false) return refused('the policy would be enabled');
    const { filter = '', aggregations = [] } = condition.conditionThreshold ?? {};
    const { query = '' } = condition.conditionPrometheusQueryLanguage ?? {};
    const lookBackSeconds = Number(/"(\d+)s"\)/.exec(filter)?.[1] ?? 0);
    const lookBackSecondsMax = (isOtherwise('burn-rate-look-back') ? 3 : 1) * DAY_SECONDS;
    const charactersMax = isOtherwise('alert-documentation') ? 8000 : 8192;
    if (lookBackSeconds > lookBackSecondsMax) return refused('the look-back is too long');
    if (aggregations[0]?.alignmentPeriod === '86400s' && isOtherwise('alert-alignment')) return refused('over 23h30m');
    if (query.includes('[3d]') && isOtherwise('promql-three-days')) return refused('over 25h');
    if ((documentation?.content.length ?? 0) > charactersMax) return refused('the documentation is too long');
    policies += 1;
    const name = `projects/p/alertPolicies/${policies}`;
    return make(`/v3/${name}`, { name });
  }

  function readPoints(filter: string): FakeAnswer {
    const [, slo] = /^select_slo_burn_rate\("([^"]+)", "60s"\)$/.exec(filter) ?? [];
    if (slo === undefined) {
      const type = /metric\.type="([^"]+)"/.exec(filter)?.[1];
      const descriptor = descriptors().find(each => each.type === type);
      const points = [{ value: { distributionValue: { count: '3', exemplars: descriptor?.exemplars } } }];
      return ok(descriptor ? { timeSeries: [{ points }] } : {});
    }
    const { totalServiceFilter } = made.get(`monitoring/v3/${slo}`) as { totalServiceFilter: string };
    const stream = /stream="(\w+)"/.exec(totalServiceFilter)?.[1] ?? '';
    looks += 1;
    const isShown = looks > 3 && written.has(stream) && (stream === 'busy' || isOtherwise('burn-rate-at-zero-traffic'));
    return ok(isShown ? { timeSeries: [{ points: [{ value: { doubleValue: 0 } }] }] } : {});
  }

  return request => {
    const { method, path, query, body } = request;
    const filter = query.get('filter') ?? '';
    const collection = path.split('/').at(-1);
    if (method === 'GET' && collection === 'metricDescriptors') {
      const prefix = /starts_with\("([^"]+)"\)/.exec(filter)?.[1] ?? '';
      return ok({ metricDescriptors: descriptors().filter(({ type }) => type.startsWith(prefix)) });
    }
    if (method === 'GET' && collection === 'timeSeries') return readPoints(filter);
    if (method === 'GET' && collection === 'alerts') {
      const states = isOtherwise('alerts-open') ? ['OPEN', 'CLOSED'] : ['OPEN'];
      return filter === 'state="OPEN"' ? ok({ alerts: states.map(state => ({ state })) }) : refused('no such filter');
    }
    if (collection === 'timeSeries') {
      for (const { metric } of body.timeSeries) written.add(metric.labels.stream);
      return ok();
    }
    if (collection === 'metricDescriptors') {
      return make(`${path}/${body.type}`, { ...body, name: `${path.slice('/v3/'.length)}/${body.type}` });
    }
    if (collection === 'services') {
      const isUnknown = body.basicService && isOtherwise('service-type-cloud-run');
      return isUnknown ? refused('no such service type') : make(`${path}/${query.get('serviceId')}`, body);
    }
    if (collection === 'serviceLevelObjectives') return makeSlo(request);
    if (collection === 'alertPolicies') return makePolicy(body);
    if (collection === 'dashboards') {
      const { length } = body.mosaicLayout.tiles;
      if (length > (isOtherwise('dashboard-widgets') ? 30 : 50)) return refused('too many widgets');
      const name = `projects/p/dashboards/${length}`;
      return make(`/v1/${name}`, { name });
    }
    return refused(`${method} ${path} is not known`, 404);
  };
}
