import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, cloudRun, counter, openTelemetry, ratio, service } from '../../slo/index.ts';
import type { ServiceOptions, ServiceSpec } from '../../slo/service.ts';
import { compile } from '../compile.ts';
import { comparePlans } from './compare.ts';
import { describePlan } from './describe.ts';

const target = { project: 'p', nameSuffix: '' };
const compared = (before: ServiceSpec, after: ServiceSpec) =>
  comparePlans(compile([before], target), compile([after], target));
const run = (name: string) => cloudRun({ service: name, location: 'l' });

function shop({
  id = 'shop',
  slo = 'answers',
  runsOn,
}: { id?: string; slo?: string } & Pick<ServiceOptions, 'runsOn'>) {
  const sli = ratio({ bad: counter('b'), total: counter('t') });
  const slos = [
    availability({ id: slo, goal: 0.99, period: '28d', sli, why: 'w' }),
    availability({ id: 'outside', goal: 0.99, period: '28d', sli, why: 'w' }),
  ];
  return service(id, { owner: 'o', ...(runsOn && { runsOn }), slos });
}

test('an SLO or service with another id is lost, with its address in Terraform', () => {
  const custom = { runsOn: openTelemetry({ job: 'shop' }) };
  assert.deepEqual(compared(shop(custom), shop({ ...custom, slo: 'replies' })).losses, [
    { kind: 'slo', name: 'shop/answers', address: 'google_monitoring_slo.shop_answers' },
  ]);
  assert.deepEqual(compared(shop(custom), shop({ ...custom, id: 'store' })).losses, [
    { kind: 'service', name: 'shop', address: 'google_monitoring_custom_service.shop' },
    { kind: 'slo', name: 'shop/answers', address: 'google_monitoring_slo.shop_answers' },
    { kind: 'slo', name: 'shop/outside', address: 'google_monitoring_slo.shop_outside' },
  ]);
  const [service] = compared(shop({ runsOn: run('a') }), shop({ runsOn: run('a'), id: 'store' })).losses;
  assert.equal(service?.address, 'google_monitoring_service.shop');
});

test('a loss says that the next apply destroys it, and how to keep it, in text and in Markdown', () => {
  const plan = compared(shop({}), shop({ slo: 'replies' }));
  const text = describePlan(plan, 'text', 'main');
  assert.match(
    text,
    /\n {2}SLO shop\/answers \(google_monitoring_slo\.shop_answers\)\n {2}The next terraform apply destroys it: /,
  );
  assert.match(text, /lifecycle \{ destroy = false \}\), or by terraform state rm\./);
  assert.doesNotMatch(text, /refuse/);
  assert.match(
    describePlan(plan, 'markdown', 'main'),
    /> \[!CAUTION\]\n> \*\*DESTROYED, WITH ITS HISTORY\*\*: SLO shop\/answers \(.*\)\.\n> The next terraform apply/,
  );
});
