import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, counter, email, ratio, service, uptimeCheck } from '../../slo/index.ts';
import type { ServiceOptions, ServiceSpec } from '../../slo/service.ts';
import { compile } from '../compile.ts';
import { comparePlans, isEmpty } from './compare.ts';
import { describePlan } from './describe.ts';

const target = { project: 'p', nameSuffix: '' };
const compared = (before: ServiceSpec, after: ServiceSpec) =>
  comparePlans(compile([before], target), compile([after], target));

const promised = {
  goal: 0.99,
  period: '28d',
  sli: ratio({ bad: counter('b'), total: counter('t') }),
  why: 'w',
} as const;
const [answers, replies] = [availability({ id: 'answers', ...promised }), availability({ id: 'replies', ...promised })];
const shop = (options: Partial<ServiceOptions>) =>
  service('shop', { owner: 'o', slos: [answers, replies], ...options });
const none = { added: [], removed: [], changed: [] };

test('specs that compile to the same change nothing', () => {
  const plan = compared(shop({}), shop({}));
  assert.ok(isEmpty(plan));
  assert.equal(describePlan(plan, 'text', 'main'), 'Burnline plan\n\nNothing changes against main.');
});

test('an uptime check that asks otherwise has changed, and one with another id is another', () => {
  const front = { id: 'front', host: 'example.com' };
  const before = shop({ uptime: [uptimeCheck(front)] });
  const others = [{ path: '/health' }, { contains: 'ok' }, { timeout: '5s' }, { host: 'example.org' }] as const;
  for (const other of others) {
    const plan = compared(before, shop({ uptime: [uptimeCheck({ ...front, ...other })] }));
    assert.deepEqual(plan.uptimeChecks, { ...none, changed: ['front'] });
    assert.match(describePlan(plan, 'text', 'main'), /^Uptime checks\n {2}~ front$/m);
  }
  const renamed = compared(before, shop({ uptime: [uptimeCheck({ ...front, id: 'back' })] }));
  assert.deepEqual(renamed.uptimeChecks, { added: ['back'], removed: ['front'], changed: [] });
});

test('a channel with another address has changed, and one that comes is told', () => {
  const notifying = (...page: ReturnType<typeof email>[]) => shop({ notify: { page } });
  const moved = compared(notifying(email('team', 'a@example.com')), notifying(email('team', 'b@example.com')));
  assert.deepEqual(moved.channels, { ...none, changed: ['team'] });
  assert.match(describePlan(moved, 'markdown', 'main'), /^\*\*Notification channels\*\*\n\n- `~` team$/m);
  assert.deepEqual(compared(shop({}), notifying(email('team', 'a@example.com'))).channels, {
    ...none,
    added: ['team'],
  });
});

test('a service with another title or label has changed, and so have the dashboards that name it', () => {
  const plan = compared(shop({}), shop({ title: 'The shop' }));
  assert.deepEqual(plan.services, { ...none, changed: ['shop'] });
  assert.match(describePlan(plan, 'text', 'main'), /^Services\n {2}~ shop\n[\s\S]*^Dashboards\n {2}shop: /m);
  assert.deepEqual(compared(shop({}), shop({ labels: { team: 'a' } })).services, { ...none, changed: ['shop'] });
});
