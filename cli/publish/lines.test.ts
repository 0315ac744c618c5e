import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLines } from './lines.ts';

async function split(chunks: (string | number[])[], lineBytesMax = 100): Promise<string[]> {
  const lines: string[] = [];
  const bytes = (async function* () {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
  })();
  for await (const group of readLines(bytes, { lineBytesMax })) {
    lines.push(...group.map(line => Buffer.from(line).toString('latin1')));
  }
  return lines;
}

test('lines are put together across chunks, and the last needs no newline', async () => {
  assert.deepEqual(await split(['a\nb', 'b', 'b\n', 'c']), ['a', 'bbb', 'c']);
});

test('empty lines are passed over, also with a carriage return', async () => {
  assert.deepEqual(await split(['\n\na\n\r\n', '\r', '\n\n']), ['a']);
});

test('a line is its bytes as they are', async () => {
  assert.deepEqual(await split([[0xff, 0xfe, 10, 0x20, 0, 13, 10]]), ['\xff\xfe', ' \0\r']);
});

test('a chunk is answered as one group, so that what is there is not held back', async () => {
  const chunks = [Buffer.from('a\nb\nc'), Buffer.from('d\n')];
  const groups: number[] = [];
  for await (const group of readLines(
    (async function* () {
      yield* chunks;
    })(),
    { lineBytesMax: 10 },
  ))
    groups.push(group.length);
  assert.deepEqual(groups, [2, 1]);
});

test('a line at the limit is taken, and a longer one is refused by its number, before it is read whole', async () => {
  assert.deepEqual(await split(['a\nbbbb\n'], 4), ['a', 'bbbb']);
  let chunksRead = 0;
  const endless = (async function* () {
    yield Buffer.from('a\n');
    for (;;) {
      chunksRead += 1;
      yield Buffer.from('bbb');
    }
  })();
  const read = async () => {
    for await (const _ of readLines(endless, { lineBytesMax: 4 }));
  };
  await assert.rejects(read, { code: 'line_too_long', message: /^line 2 has more than 4 bytes/ });
  assert.equal(chunksRead, 2);
});
