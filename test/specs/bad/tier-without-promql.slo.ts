import { availability, cloudRun, cloudRunBasic, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  runsOn: cloudRun({ service: 'bad', location: 'us-central1' }),
  slos: [availability({ goal: 0.999, period: '28d', sli: cloudRunBasic(), why: 'Because.' })],
});
