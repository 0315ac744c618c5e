import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesErrors } from '../../monitoring/series/errors.ts';
import { createReportWriter } from './report-writer.ts';

test('a store that takes nothing throws nothing, and is told when that begins and when it is over', () => {
  const said: string[] = [];
  const say = (_fields: object, text: string) => void said.push(text);
  let isFull = false;
  const write = createReportWriter({
    write() {
      if (isFull) throw seriesErrors.error('series_store_stuck', 'the disk is full');
      return { kept: 0, refused: [] };
    },
    log: { error: say, warn: say } as never,
  });
  for (const full of [false, true, true, true, false, false, true]) {
    isFull = full;
    write([]);
  }
  assert.deepEqual(said, [
    'Reports are lost until they can be kept again: the disk is full',
    'Reports are kept again; 3 were lost',
    'Reports are lost until they can be kept again: the disk is full',
  ]);
});
