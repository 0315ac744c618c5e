import { cliErrors } from '../errors.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/**
 * Splits bytes into lines as they come, each group holding what one chunk completed. Lines are the bytes as they are, whatever
 * they hold; empty ones are passed over. Throws `line_too_long`.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { lineBytesMax }: { lineBytesMax: number },
): AsyncGenerator<Uint8Array[]> {
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  let lineNumber = 1;

  function take(part: Uint8Array): void {
    begun.push(part);
    begunBytes += part.length;
    if (begunBytes <= lineBytesMax) return;
    const detail = `line ${lineNumber} has more than ${lineBytesMax} bytes, and a message may have no more: split it`;
    throw cliErrors.error('line_too_long', detail);
  }
  function end(): Uint8Array[] {
    const line = Buffer.concat(begun);
    begun = [];
    begunBytes = 0;
    lineNumber += 1;
    return line.length === 0 || (line.length === 1 && line[0] === CARRIAGE_RETURN) ? [] : [line];
  }

  for await (const chunk of chunks) {
    const group: Uint8Array[] = [];
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      group.push(...end());
      start = at + 1;
    }
    take(chunk.subarray(start));
    if (group.length > 0) yield group;
  }
  const last = end();
  if (last.length > 0) yield last;
}
