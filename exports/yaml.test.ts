import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { toYaml } from './yaml.ts';

const versions = ['1.1', '1.2'] as const;

test('what is written reads back the same, by YAML 1.1 and 1.2', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(...' \n\t\r:#-?&*!|>%@`"\'{}[],~=<.0123456789eExXyYnNoOaA\u0085\u00a0\u2028\ufeff😀'),
    }),
    fc.constantFrom(
      'yes',
      'No',
      'ON',
      'off',
      'y',
      'N',
      'null',
      '~',
      'True',
      '0x1f',
      '1_000',
      '1e3',
      '190:20:30',
      '.inf',
      '.NaN',
    ),
    fc.constantFrom(
      '2001-12-14',
      '2001-12-14 21:59:43',
      '1 2',
      '1 - x',
      '<<',
      '=',
      '---',
      '...',
      '{{ x }}',
      'a: b',
      'a #b',
      'a:',
      '',
    ),
  );
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('any'), { maxLength: 4 }),
    map: fc.dictionary(text, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  })).any;
  fc.assert(
    fc.property(value, data => {
      for (const version of versions) {
        // `-0` is no number of JSON, and `<<` as a key is quoted, which a reader need not take for a merge.
        assert.deepEqual(parse(toYaml(data), { version }), JSON.parse(JSON.stringify(data)));
      }
    }),
    { numRuns: 3000 },
  );
});

test('maps and lists stand in block style, empty ones on their line', () => {
  const value = { groups: [{ name: 'a', rules: [] }, [1, [true]]], none: {}, left: undefined, nothing: null };
  assert.equal(toYaml(value), 'groups:\n  - name: a\n    rules: []\n  - - 1\n    - - true\nnone: {}\nnothing: null\n');
  assert.equal(toYaml({ a: { b: undefined } }), 'a: {}\n');
});

test('text is plain where nothing could be meant by it but text', () => {
  const plain = [
    'sum(increase(x{a="b"}[5m])) / 2',
    '1 - sum(x) / sum(y)',
    'slo:sli_error:ratio_rate5m{a="b"} > 1',
    '(a)',
    'É is – fine'.slice(2),
  ];
  for (const text of plain) assert.equal(toYaml([text]), `- ${text}\n`);
  for (const text of [
    'yes',
    'off',
    'NULL',
    '5m',
    '1',
    '1e3',
    '- a',
    'a: b',
    'a #b',
    'a:',
    ' a',
    'a ',
    '#a',
    '',
    '*a',
    '{a}',
  ]) {
    assert.equal(toYaml([text]), `- ${JSON.stringify(text)}\n`);
  }
});

test('several lines stand in a block that says whether the last one ends', () => {
  assert.equal(toYaml({ a: 'x: 1\n\n  y' }), 'a: |-\n  x: 1\n\n    y\n');
  assert.equal(toYaml([{ a: 'x\ny\n' }]), '- a: |\n    x\n    y\n');
  assert.equal(toYaml({ a: ' x\ny' }), 'a: " x\\ny"\n');
  assert.equal(toYaml('x\ny'), '|-\n  x\n  y\n');
});

test('an exponent has a point before it, so that YAML 1.1 reads a number', () => {
  assert.equal(toYaml([0.001, 1e21, -5e-7, 28]), '- 0.001\n- 1.0e+21\n- -5.0e-7\n- 28\n');
});
