import { availability, burnRateAlerts, ratio, service, windows } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',

  slos: [
    availability({
      goal: 0.9,
      period: '28d',
      sli: windows({ every: '7m', good: { ratioAtLeast: 0.9, of: ratio('reads', { good: { ok: 'true' } }) } }),
      why: 'Because.',
      alerts: burnRateAlerts({ tiers: [{ name: 'ticket', severity: 'ticket', long: '24h', share: 0.1 }] }),
    }),
  ],
});
