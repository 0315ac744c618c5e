import type { ServiceEntry } from '../catalogue.ts';
import { compileServices } from '../compile.ts';
import { availability, cloudRun, cloudRunRequests, gauge, histogram, latency, service, windows } from '../index.ts';
import type { Freeze } from './freeze.ts';

/** A compiled service with what the gate tells apart: availability and latency of requests, and availability by windows. */
export function checkout(freeze?: Freeze): ServiceEntry {
  const common = { period: '28d', why: 'Because.' } as const;
  const spec = service('checkout', {
    ...{ owner: 'payments', runsOn: cloudRun({ service: 'checkout', location: 'l' }), ...(freeze && { freeze }) },
    slos: [
      availability({ ...common, goal: 0.999, sli: cloudRunRequests() }),
      latency({ ...common, id: 'fast-answers', goal: 0.99, under: '200ms', sli: histogram('took') }),
      availability({
        ...{ ...common, id: 'young', goal: 0.9 },
        sli: windows({ every: '1m', good: { mean: gauge('age'), max: 60 } }),
      }),
    ],
  });
  return compileServices([spec], { project: 'p', nameSuffix: '' }).catalogue.services[0] as ServiceEntry;
}
