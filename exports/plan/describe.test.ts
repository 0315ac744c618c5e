import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, counter, ratio, service } from '../../slo/index.ts';
import { compile } from '../compile.ts';
import { comparePlans } from './compare.ts';
import { describePlan } from './describe.ts';

type Promised = { goal: number; period: `${number}d` } | { goal: number; calendar: 'week' | 'month' };

/** The line of an SLO that was promised so before, and so after. */
function lineOf(before: Promised, after: Promised): string | undefined {
  const [was, is] = [before, after].map(promised => {
    const sli = ratio({ bad: counter('b'), total: counter('t') });
    const slos = [availability({ ...promised, sli, why: 'w' })];
    return compile([service('shop', { owner: 'o', slos })], { project: 'p', nameSuffix: '' });
  }) as [ReturnType<typeof compile>, ReturnType<typeof compile>];
  return /^ {2}~ shop\/availability \(Availability\): (.*)$/m.exec(
    describePlan(comparePlans(was, is), 'text', 'x'),
  )?.[1];
}

test('a budget over the same period is compared in minutes of that', () => {
  assert.equal(
    lineOf({ goal: 0.999, period: '28d' }, { goal: 0.998, period: '28d' }),
    '99.9 % over 28 d → 99.8 % over 28 d: +40.32 min of budget (80.64 min)',
  );
});

test('budgets over different periods are compared over 28 days, and both are told with their period', () => {
  // 1.44 min a day become 14.4.
  assert.equal(
    lineOf({ goal: 0.999, period: '28d' }, { goal: 0.99, period: '7d' }),
    '99.9 % over 28 d → 99 % over 7 d: +362.9 min of budget in 28 d (40.32 min over 28 d → 100.8 min over 7 d)',
  );
  // More minutes, and fewer of each day.
  assert.equal(
    lineOf({ goal: 0.99, period: '7d' }, { goal: 0.996, calendar: 'month' }),
    '99 % over 7 d → 99.6 % over calendar month: −241.9 min of budget in 28 d (100.8 min over 7 d → 161.3 min over calendar month)',
  );
  assert.equal(
    lineOf({ goal: 0.999, period: '28d' }, { goal: 0.999, period: '30d' }),
    '99.9 % over 28 d → 99.9 % over 30 d: the same budget in 28 d (40.32 min over 28 d → 43.2 min over 30 d)',
  );
});

test('in Markdown a sign is no list marker, and how fast an SLO notices is told below it', () => {
  const shopOf = (slos: Parameters<typeof service>[1]['slos']) =>
    compile([service('shop', { owner: 'o', slos })], { project: 'p', nameSuffix: '' });
  const sli = ratio({ bad: counter('b'), total: counter('t') });
  const of = (id: string, goal: number) => availability({ id, goal, period: '28d', sli, why: 'w' });
  const plan = comparePlans(shopOf([of('old', 0.99), of('kept', 0.999)]), shopOf([of('kept', 0.998), of('new', 0.99)]));
  const text = describePlan(plan, 'markdown', 'main');
  assert.match(text, /^- `-` shop\/old \(Availability\): 99 % over 28 d is no longer promised$/m);
  assert.match(text, /^- `\+` shop\/new /m);
  assert.match(text, /^- `~` shop\/kept .*\n {2}- page-fast: a total outage noticed after 48\.4 s → 96\.8 s, /m);
  assert.doesNotMatch(text, /^ *- *[-+~] /m);
});
