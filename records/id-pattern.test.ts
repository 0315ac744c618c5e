import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { idPattern } from './id-pattern.ts';

const finds = (id: string, text: string) => new RegExp(idPattern(id)).test(text);

test('an id is found behind the key id, in any escape that JSON has, and as a number', () => {
  const found: [id: string, text: string][] = [
    ['rosa', '{"id":"rosa","name":'],
    ['rosa', '{"x":1,\n"id" :\t"rosa"'],
    ['rosa', '{"id":"r\\u006Fs\\u0061'.concat('"')],
    ['pérez 🦙', '{"id":"p\\u00E9rez \\ud83e\\uDD99"'],
    ['a/b"c\\d\n', '{"id":"a\\/b\\"c\\\\d\\n"'],
    ['777001', '{"id":777001,'],
    ['777001', '{"id": 777001'],
  ];
  for (const [id, text] of found) assert.ok(finds(id, text), `${id} in ${text}`);
});

test('an id is not found as another field, within another id, or as a part of a number', () => {
  const passed: [id: string, text: string][] = [
    ['CL', '{"id":"7","country":"CL","name":'],
    ['rosa', '{"id":"7","name":"rosa"'],
    ['rosa', '{"id":"rosalind"'],
    ['rosa', '{"uid":"rosa"'],
    ['a.b', '{"id":"axb"'],
    ['777', '{"id":777001'],
    ['777', '{"id":777.5'],
  ];
  for (const [id, text] of passed) assert.ok(!finds(id, text), `${id} in ${text}`);
});

test('every id is found in the JSON of its record', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), id => finds(id, JSON.stringify({ name: 'x', id }))));
});
