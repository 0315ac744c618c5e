import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tidy } from '../../base/durations.ts';
import { createRandom } from '../../base/random.ts';
import { FALSE_ALARMS_MAX, judge } from './judge.ts';

const alarmingShare = 0.05;
const count = (total: number, bad: number) => ({ total, bad });
const look = (fresh: [number, number], old: [number, number], number = 10, looks = 10) =>
  judge({ new: count(...fresh), old: count(...old) }, { number, looks, alarmingShare });

test('the levels of all looks sum up to what a rollout may err, and the last one has half of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1500 }), looks => {
      const levels = [1, looks].map(number => look([0, 0], [0, 0], number, looks).level);
      const [early = 0, last = 0] = levels;
      assert.equal(tidy(looks === 1 ? last : early * (looks - 1) + last), FALSE_ALARMS_MAX);
      if (looks > 1) assert.equal(last, FALSE_ALARMS_MAX / 2);
    }),
  );
});

test('a difference is worse by the level of its look: what is not enough early is at the end', () => {
  assert.equal(look([100, 4], [900, 5], 5).verdict, 'wait');
  assert.equal(look([100, 5], [900, 5], 10).verdict, 'worse');
  assert.equal(look([100, 9], [900, 5], 5).verdict, 'worse');
});

test('fewer failures than the old revision are never worse', () => {
  assert.equal(look([1000, 0], [9000, 90]).verdict, 'promote');
});

test('at the end as many requests as are enough promote, and one fewer does not', () => {
  const { enough = 0, verdict } = look([1000, 2], [9000, 9]);
  assert.equal(verdict, 'promote');
  assert.ok(enough > 50 && enough < 500, `${enough}`);
  assert.equal(look([enough, 0], [9000, 9]).verdict, 'promote');
  assert.equal(look([enough - 1, 0], [9000, 9]).verdict, 'not-enough');
  assert.equal(look([enough, 0], [9000, 9], 9).verdict, 'wait');
});

test('no data, and an old revision that fails as much as pages, are not enough', () => {
  for (const { enough, verdict } of [look([0, 0], [0, 0]), look([1000, 30], [9000, 450]), look([1000, 0], [20, 0])]) {
    assert.deepEqual([enough, verdict], [undefined, 'not-enough']);
  }
});

test('of revisions that are no worse, no more are rolled back over all looks than is said; looks at one level would do so', () => {
  const random = createRandom(20261125);
  const failures = (requests: number, share: number) =>
    Array.from({ length: requests }, random).filter(value => value < share).length;
  const [rollouts, looks] = [1200, 12];
  let [alarms, uncorrected] = [0, 0];
  for (let rollout = 0; rollout < rollouts; rollout += 1) {
    const [fresh, old] = [count(0, 0), count(0, 0)];
    const made = Array.from({ length: looks }, (_, at) => {
      for (const [side, requests] of [
        [fresh, 30],
        [old, 120],
      ] as const) {
        side.total += requests;
        side.bad += failures(requests, 0.1);
      }
      return judge({ new: { ...fresh }, old: { ...old } }, { number: at + 1, looks, alarmingShare: 0.5 });
    });
    if (made.some(({ verdict }) => verdict === 'worse')) alarms += 1;
    if (made.some(({ pValue }) => pValue <= FALSE_ALARMS_MAX)) uncorrected += 1;
  }
  assert.ok(alarms > 0 && alarms <= rollouts * FALSE_ALARMS_MAX, `${alarms} of ${rollouts}`);
  assert.ok(uncorrected > rollouts * FALSE_ALARMS_MAX * 1.5, `${uncorrected} of ${rollouts}`);
});
