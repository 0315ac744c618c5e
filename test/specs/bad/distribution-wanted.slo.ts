import { counter, type Latencies, latency, service } from 'burnline';

const requests = counter({ name: 'requests', kind: 'counter', unit: 's' });
// @ts-expect-error a counter has no threshold
const sli: Latencies = { form: 'latencies', distribution: requests };

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [latency({ goal: 0.99, period: '28d', under: '200ms', sli, why: 'Because.' })],
});
