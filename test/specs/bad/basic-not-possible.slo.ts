import { availability, burnRateAlerts, cloudRunBasic, openTelemetry, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  runsOn: openTelemetry({ job: 'bad' }),
  slos: [availability({ goal: 0.999, period: '28d', sli: cloudRunBasic(), why: 'Because.' })],
  alerts: burnRateAlerts({ tiers: [{ name: 'page', severity: 'page', long: '1h', share: 0.02 }] }),
});
