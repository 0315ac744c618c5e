import { burnRateAlerts, cloudRunLatencies, latency, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [latency({ goal: 0.99, period: '28d', under: '200ms', sli: cloudRunLatencies(), why: 'Because.' })],
  alerts: burnRateAlerts({ tiers: [{ name: 'page', severity: 'page', long: '1h', share: 0.02 }] }),
});
