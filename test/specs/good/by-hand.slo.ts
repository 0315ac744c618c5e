import {
  above,
  absent,
  availability,
  burnRateAlerts,
  cloudRun,
  cloudRunBasic,
  cloudRunLatencies,
  cloudRunRequests,
  counter,
  distribution,
  dropTo,
  email,
  gauge,
  histogram,
  latency,
  metric,
  moreThan,
  noAlerts,
  objective,
  ratio,
  service,
  slowerThan,
} from 'burnline';

const why = 'Buyers leave when it is missed.';
const jobs = counter('jobs.failed');
const requests = histogram('requests', {}, { bounds: [0.1, 0.2, 0.5] });

export const checkout = service('checkout', {
  owner: 'team',
  runsOn: cloudRun({ service: 'checkout', location: 'us-central1' }),
  traffic: { quietestHour: 5000 },
  runbook: 'https://example.com/checkout',
  dependsOn: [{ service: 'Cloud Run', promises: 0.9995, synchronous: true }],
  discarded: [{ sli: 'CPU', why: 'No buyer sees it.' }],
  notify: { page: [email('on-call', 'on-call@example.com')], ticket: [email('team', 'team@example.com')] },
  links: { Dashboard: 'https://example.com/dashboard' },
  labels: { team: 'checkout', 'cost-center': '42' },
  slos: [
    availability({ goal: 0.999, period: '28d', sli: cloudRunRequests(), alertBelow: 0.995, why }),
    availability({
      id: 'by-google',
      goal: 0.999,
      period: '30d',
      sli: cloudRunBasic(),
      alerts: burnRateAlerts({
        tiers: [{ name: 'page', severity: 'page', long: '1h', threshold: 14.4, for: '30d' }],
      }),
      why,
    }),
    latency({ goal: 0.99, period: '28d', under: '200ms', sli: requests, why }),
    objective({
      id: 'paid',
      title: 'Payments take 1 to 30 s',
      goal: 0.95,
      calendar: 'week',
      sli: distribution({
        of: {
          form: 'latencies',
          distribution: metric({
            ...{ type: 'custom.googleapis.com/payment', resource: 'generic_task', unit: 's', bounds: [1, 5, 30] },
            ...({ kind: 'CUMULATIVE', value: 'DISTRIBUTION' } as const),
          }),
        },
        min: 1,
        max: 30,
      }),
      why,
    }),
    objective({
      id: 'jobs',
      title: 'Jobs',
      goal: 0.99,
      period: '7d',
      sli: ratio({ bad: jobs, good: counter('jobs.done') }),
      alerts: noAlerts,
      why,
    }),
  ],
  causes: [
    moreThan(5, { id: 'failed-jobs', title: 'Failed jobs', of: jobs, in: '10m', why }),
    above(300, { id: 'backlog', title: 'Old backlog', of: gauge('backlog.age'), for: '10m', why }),
    slowerThan('500ms', { id: 'slow', title: 'Slow', of: cloudRunLatencies(), for: '5m', why }),
    dropTo(0.2, { id: 'drop', title: 'Traffic has dropped', of: counter('orders'), why }),
    absent({ id: 'silence', title: 'No orders', of: counter('orders'), for: '23.5h', why }),
  ],
});
