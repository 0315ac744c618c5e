import { absent, availability, service, uptimeCheck, uptimePassed, windows } from 'burnline';

const passed = uptimePassed(uptimeCheck({ id: 'outside', host: 'shop.example.com' }));

export const bad = service('bad', {
  owner: 'team',
  runbook: 'https://example.com/runbook',
  slos: [
    availability({
      goal: 0.99,
      period: '28d',
      sli: windows({ every: '1m', good: { anyTrue: passed } }),
      why: 'Because.',
    }),
  ],
  causes: [absent({ id: 'silence', title: 'No answers', of: passed, for: '10m', why: 'Because.' })],
});
