import { open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import type { PoisonKind } from '../../records/generate.ts';
import { cliErrors } from '../errors.ts';
import { readLines } from './lines.ts';

/** A message to publish. */
export type Outgoing = { data: Uint8Array; orderingKey?: string; poison?: PoisonKind };

/** Where messages come from: groups of them, as they are there; and how much it will be, where that is known. */
export type Source = {
  groups: AsyncIterable<Outgoing[]>;
  size?: { unit: 'messages' | 'bytes'; total: number };
};

const GROUP_MESSAGES = limits.publish_messages_max;
const CHUNK_BYTES = 1_048_576;

/** Gives each message the id of its record as ordering key, where one can be read, so that Pub/Sub keeps an id's messages in order. */
export async function withOrderingKeys(source: Source): Promise<Source> {
  const { findRecordId } = await import('../../ingest/decode.ts');
  async function* groups(): AsyncGenerator<Outgoing[]> {
    for await (const group of source.groups) {
      yield group.map(message => {
        const orderingKey = findRecordId(message.data);
        return { ...message, ...(orderingKey !== undefined && { orderingKey }) };
      });
    }
  }
  return { ...source, groups: groups() };
}

/** Generated records: the same `seed` and `now` give the same ones. */
export async function generatedSource(options: {
  count: number;
  seed: number;
  poisonShare: number;
  now: number;
}): Promise<Source> {
  const { generateRecords } = await import('../../records/generate.ts');
  const records = generateRecords(options);
  async function* groups(): AsyncGenerator<Outgoing[]> {
    for (let left = options.count; left > 0; left -= GROUP_MESSAGES) {
      const group: Outgoing[] = [];
      while (group.length < Math.min(left, GROUP_MESSAGES)) {
        const { text, poison } = records.next().value;
        group.push({ data: Buffer.from(text), ...(poison && { poison }) });
      }
      yield group;
    }
  }
  return { groups: groups(), size: { unit: 'messages', total: options.count } };
}

/** The lines of a file, or of `stdin` where the path is `-`; at most `countMax` of them. Throws `file_unreadable`. */
export async function fileSource(options: {
  path: string;
  stdin: Readable;
  signal: AbortSignal;
  countMax?: number | undefined;
}): Promise<Source> {
  const { path, stdin, signal, countMax } = options;
  const { stream, bytes } = path === '-' ? { stream: stdin, bytes: 0 } : await openFile(path);
  addAbortSignal(signal, stream);
  const groups = takeMessages(readLines(stream, { lineBytesMax: limits.message_bytes_max }), countMax);
  if (countMax !== undefined) return { groups, size: { unit: 'messages', total: countMax } };
  return bytes > 0 ? { groups, size: { unit: 'bytes', total: bytes } } : { groups };
}

async function openFile(path: string): Promise<{ stream: Readable; bytes: number }> {
  try {
    const file = await open(path);
    const stat = await file.stat();
    if (!stat.isDirectory()) return { stream: file.createReadStream({ highWaterMark: CHUNK_BYTES }), bytes: stat.size };
    await file.close();
  } catch (error) {
    throw cliErrors.error('file_unreadable', `--file ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  throw cliErrors.error('file_unreadable', `--file ${path} cannot be read: it is a folder`);
}

async function* takeMessages(
  lines: AsyncIterable<Uint8Array[]>,
  countMax = Number.POSITIVE_INFINITY,
): AsyncGenerator<Outgoing[]> {
  let left = countMax;
  for await (const group of lines) {
    yield group.slice(0, left).map(data => ({ data }));
    left -= group.length;
    if (left <= 0) return;
  }
}
