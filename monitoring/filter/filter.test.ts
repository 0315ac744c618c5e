import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestCount } from '../testing.ts';
import { matches, metricTypeOf } from './match.ts';
import { parseFilter } from './parse.ts';
import { parseSeriesFilter } from './series.ts';

const series = requestCount('5xx');
const selects = (text: string) => matches(parseFilter(text), series, 'local');

for (const [text, expected] of [
  ['metric.type="run.googleapis.com/request_count"', true],
  ['metric.type = "run.googleapis.com/other"', false],
  ["resource.type = 'cloud_run_revision'", true],
  ['resource.labels.service_name="checkout" AND metric.labels.response_code_class="5xx"', true],
  ['resource.label.service_name="checkout" metric.label.response_code_class="4xx"', false],
  ['metric.labels.response_code_class=one_of("4xx", "5xx")', true],
  ['NOT metric.labels.response_code_class=one_of("4xx", "5xx")', false],
  ['metric.labels.response_code_class!="2xx"', true],
  ['-metric.labels.response_code_class="5xx"', false],
  ['metric.labels.response_code_class=starts_with("5")', true],
  ['metric.labels.response_code_class=ends_with("xx")', true],
  ['metric.labels.response_code_class=has_substring("6")', false],
  ['metric.labels.response_code_class:"xx"', true],
  ['metric.labels.response_code_class=monitoring.regex.full_match("[45]xx")', true],
  ['metric.labels.response_code_class=monitoring.regex.full_match("5")', false],
  ['resource.labels."service_name"="checkout"', true],
  ['project="local" AND resource.labels.project_id="local"', true],
  ['metric.labels.absent=""', true],
  ['metric.labels.absent!="x"', true],
  // OR binds closer than AND.
  ['metric.type="a" OR resource.type="cloud_run_revision" AND resource.labels.location="europe-west1"', true],
  ['metric.type="a" OR resource.type="cloud_run_revision" AND resource.labels.location="nowhere"', false],
  ['(metric.type="a" AND resource.type="b") OR resource.labels.location="europe-west1"', true],
  ['resource.labels.service_name="che\\"ckout"', false],
  ['metric.labels.response_code_class>="5" AND metric.labels.response_code_class<"6"', true],
  ['metric.labels.response_code_class<="5"', false],
] as const) {
  test(`${text} ${expected ? 'selects' : 'does not select'} the series`, () => assert.equal(selects(text), expected));
}

for (const [text, message] of [
  ['', 'The filter is empty'],
  ['metric.type', 'The filter needs a comparison such as = at its end: metric.type'],
  ['metric.type=', 'The filter needs a value at its end: metric.type='],
  ['metric.type=cpu', 'The filter needs ( at its end: metric.type=cpu'],
  ['metric.labels.a>one_of("b")', /needs a number, or a value in quotes at character 17/],
  ['metric.type="a" AND', 'The filter needs a field such as metric.type at its end: metric.type="a" AND'],
  ['(metric.type="a"', 'The filter needs ) at its end: (metric.type="a"'],
  ['metric.type="a")', 'The filter needs an end at character 16, not ): metric.type="a")'],
  [
    'metric.type=below("a")',
    'The filter has no function below: starts_with, ends_with, has_substring, one_of and monitoring.regex.full_match are known',
  ],
  ['metric.type=monitoring.regex.full_match("(")', 'The regular expression ( cannot be read'],
  [
    'metric.type=starts_with("a", "b")',
    'The filter needs one text only in starts_with at its end: metric.type=starts_with("a", "b")',
  ],
  ['metric.type="a" ; x="b"', 'The filter cannot be read from character 16 on: metric.type="a" ; x="b"'],
  [`metric.type="${'a'.repeat(2048)}"`, 'The filter has 2062 characters, and at most 2048 are taken'],
  [`${'('.repeat(30)}metric.type="a"${')'.repeat(30)}`, 'The filter nests deeper than 20 levels'],
  [`${'NOT '.repeat(30)}metric.type="a"`, /at most 20 levels/],
] as const) {
  test(`${text.slice(0, 60) || 'an empty filter'} is refused with the place`, () => {
    assert.throws(() => parseFilter(text), { code: 'filter_invalid', message });
  });
}

test('numbers are compared as numbers, times as times, and what is not there is in no order', () => {
  const of = (code: string) => ({ ...series, metric: { ...series.metric, labels: { code } } });
  const selected = (text: string, ...values: string[]) =>
    values.filter(value => matches(parseFilter(`metric.labels.code ${text}`), of(value), 'local'));
  assert.deepEqual(selected('>= 500', '200', '404', '500', '503', '1000', 'x', ''), ['500', '503', '1000']);
  assert.deepEqual(selected('< 500', '200', '-7', '500', ''), ['200', '-7']);
  assert.deepEqual(selected('> 404', '404', '404.5'), ['404.5']);
  assert.deepEqual(selected('<= "404"', '404', '1000'), ['404']);
  const [early, late] = ['2026-11-28T12:00:00Z', '2026-11-28T12:00:00.5Z'];
  assert.deepEqual(selected('> "2026-11-28T12:00:00Z"', early, late), [late]);
  assert.deepEqual(selected('<= "b"', 'a', 'b', 'c', ''), ['a', 'b']);
});

test('a filter of series asks only for what series have', () => {
  parseSeriesFilter('metric.type="a" AND resource.labels."zone"!="b" AND project="c"');
  for (const field of ['metric.code', 'foo', 'metadata.user_labels.team']) {
    assert.throws(() => parseSeriesFilter(`metric.type="a" AND NOT ${field}="b"`), {
      code: 'filter_invalid',
      message: new RegExp(`has the field ${field}, and series have metric.type, `),
    });
  }
});

test('the metric type is known where every selected series has it', () => {
  assert.equal(metricTypeOf(parseFilter('resource.type="b" AND metric.type="a"')), 'a');
  assert.equal(metricTypeOf(parseFilter('metric.type="a" OR metric.type="b"')), undefined);
  assert.equal(metricTypeOf(parseFilter('metric.type=starts_with("a")')), undefined);
});
