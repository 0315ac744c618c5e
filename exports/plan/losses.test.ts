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
    { kind: 'slo', name: 'shop/answers', address: 'google_monitoring_slo.shop_answers', cause: 'id' },
  ]);
  assert.deepEqual(compared(shop(custom), shop({ ...custom, id: 'store' })).losses, [
    { kind: 'service', name: 'shop', address: 'google_monitoring_custom_service.shop', cause: 'id' },
    { kind: 'slo', name: 'shop/answers', address: 'google_monitoring_slo.shop_answers', cause: 'id' },
    { kind: 'slo', name: 'shop/outside', address: 'google_monitoring_slo.shop_outside', cause: 'id' },
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

test('a service that becomes a custom one, or is one no longer, is lost with its SLOs, though no id changes', () => {
  const custom = [shop({}), shop({ runsOn: openTelemetry({ job: 'shop' }) })];
  for (const spec of custom) {
    const cause = 'type';
    const slos = [
      { kind: 'slo', name: 'shop/answers', address: 'google_monitoring_slo.shop_answers', cause },
      { kind: 'slo', name: 'shop/outside', address: 'google_monitoring_slo.shop_outside', cause },
    ];
    const [to, back] = [compared(spec, shop({ runsOn: run('a') })), compared(shop({ runsOn: run('a') }), spec)];
    const service = { kind: 'service', name: 'shop', cause };
    assert.deepEqual(to.losses, [{ ...service, address: 'google_monitoring_custom_service.shop' }, ...slos]);
    assert.deepEqual(back.losses, [{ ...service, address: 'google_monitoring_service.shop' }, ...slos]);
  }
  assert.deepEqual(compared(custom[0] as ServiceSpec, custom[1] as ServiceSpec).losses, []);
});

test('a service that is bound to something else is lost with its SLOs, which Terraform refuses', () => {
  const plan = compared(shop({ runsOn: run('a') }), shop({ runsOn: run('b') }));
  assert.deepEqual(
    plan.losses.map(({ name, cause }) => `${name} ${cause}`),
    ['shop binding', 'shop/answers binding', 'shop/outside binding'],
  );
  assert.match(
    describePlan(plan, 'text', 'main'),
    /MADE ANEW[\s\S]*Terraform refuses the whole apply while prevent_destroy stands in its block/,
  );
  const job = cloudRun({ service: 'a', location: 'l', job: 'other' });
  assert.deepEqual(compared(shop({ runsOn: run('a') }), shop({ runsOn: job })).losses, []);
});

test('each cause of a loss has a section of its own', () => {
  const plan = compared(shop({}), shop({ runsOn: run('a'), slo: 'replies' }));
  const text = describePlan(plan, 'text', 'main');
  assert.deepEqual(text.match(/^DESTROYED, WITH ITS HISTORY$/gm)?.length, 2);
  assert.match(text, /SLO shop\/outside \(.*\)\n {2}With this runsOn the service is another type of resource\./);
  assert.match(text, /SLO shop\/answers \(.*\)\n {2}The next terraform apply destroys it/);
});
