import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileServices } from '../../slo/compile.ts';
import { above, absent, availability, counter, dropTo, gauge, ratio, service } from '../../slo/index.ts';
import { neededMetrics } from './preflight.ts';

const why = 'Because.';
const of = (name: string) => `prometheus.googleapis.com/${name}`;

test('metrics of SLOs and of alerts are needed once each, but for a drop, which is PromQL and waits for none', () => {
  const spec = service('api', {
    owner: 'o',
    slos: [availability({ goal: 0.99, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why })],
    causes: [
      above(5, { id: 'deep', title: 'Deep', of: gauge('queue.depth'), for: '5m', why }),
      absent({ id: 'silence', title: 'Silence', of: counter('reads'), for: '10m', why }),
      dropTo(0.2, { id: 'drop', title: 'Drop', of: counter('orders'), why }),
    ],
  });
  const { catalogue } = compileServices([spec], { project: 'p', nameSuffix: '' });
  assert.deepEqual(neededMetrics(catalogue), [of('queue.depth/gauge'), of('reads/counter')]);
});
