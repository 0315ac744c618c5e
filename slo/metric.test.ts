import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counter, metric, named, where } from './index.ts';
import { type Matches, toFilter, valuesOf } from './metric.ts';

const jobs = metric({
  ...{ type: 'custom.googleapis.com/jobs', resource: 'generic_task', kind: 'CUMULATIVE', value: 'INT64', unit: '1' },
});
const PINNED =
  'metric.type="custom.googleapis.com/jobs" AND resource.type="generic_task" AND resource.labels.project_id="p"';

const filterOf = (labels: Matches, nameSuffix = '') => toFilter({ ...jobs, labels }, { project: 'p', nameSuffix });

test('a filter names one metric on one resource, pinned to a project', () => {
  assert.equal(filterOf({}), PINNED);
});

test('a label is asked for by value, one of several, or none of some', () => {
  const terms: [Matches[string], string][] = [
    ['a', 'metric.labels.x="a"'],
    [['a'], 'metric.labels.x="a"'],
    [['a', 'b'], 'metric.labels.x=one_of("a", "b")'],
    [{ not: 'a' }, 'metric.labels.x!="a"'],
    [{ not: ['a'] }, 'metric.labels.x!="a"'],
    [{ not: ['a', 'b'] }, 'NOT metric.labels.x=one_of("a", "b")'],
  ];
  for (const [match, term] of terms) assert.equal(filterOf({ x: match }), `${PINNED} AND ${term}`);
});

test('several labels must all match, those of the resource first', () => {
  const selection = { ...jobs, labels: { b: '1', a: '2' }, resourceLabels: { job: 'j' } };
  assert.equal(
    toFilter(selection, { project: 'p', nameSuffix: '' }),
    `${PINNED} AND resource.labels.job="j" AND metric.labels.b="1" AND metric.labels.a="2"`,
  );
});

test('a label with a dot in its name is quoted, and so is what a value holds', () => {
  assert.equal(filterOf({ 'http.route': '/a' }), `${PINNED} AND metric.labels."http.route"="/a"`);
  assert.equal(filterOf({ x: 'say "hi" \\ bye' }), `${PINNED} AND metric.labels.x="say \\"hi\\" \\\\ bye"`);
});

test('the suffix of an environment goes to names of the infrastructure, and to nothing else', () => {
  assert.equal(
    filterOf({ check: named('outside'), x: 'outside' }, '-staging'),
    `${PINNED} AND metric.labels.check="outside-staging" AND metric.labels.x="outside"`,
  );
  assert.deepEqual(valuesOf({ not: 'a' }, { nameSuffix: '-staging' }), { not: true, values: ['a'] });
});

test('of some series those that match more are asked for by the new label where both name it', () => {
  const all = counter('jobs', { queue: 'a', kind: 'x' });
  assert.deepEqual(where(all, { queue: 'b', outcome: 'failed' }).labels, { queue: 'b', kind: 'x', outcome: 'failed' });
  assert.deepEqual(all.labels, { queue: 'a', kind: 'x' });
});
