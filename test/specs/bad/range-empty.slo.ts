import { distribution, histogram, objective, service } from 'burnline';

export const bad = service('bad', {
  owner: 'team',
  traffic: { quietestHour: 100_000 },
  runbook: 'https://example.com/runbook',
  slos: [
    objective({
      id: 'batches',
      title: 'Full batches',
      goal: 0.99,
      period: '28d',
      sli: distribution({ of: histogram('batch.size'), min: 500, max: 10 }),
      why: 'Because.',
    }),
  ],
});
