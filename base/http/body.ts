import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf, showValue } from '../errors.ts';
import { jsonDepth, parseJson } from '../json.ts';
import { limits } from '../limits.ts';
import { readBytes } from './bytes.ts';
import { httpErrors } from './errors.ts';

/** What an envelope may add around a record: `{"data": {...}}`, `{"message": {...}}`. */
const ENVELOPE_DEPTH = 4;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/i;

/**
 * Reads a JSON body of at most `bytesMax` bytes; big integers keep their digits (base/json.ts). Throws
 * `unsupported_media_type`, `body_too_large`, `body_empty`, `body_not_json` or `body_too_deep`.
 */
export async function readJsonBody(
  { req, res }: { req: IncomingMessage; res: ServerResponse },
  { bytesMax }: { bytesMax: number },
): Promise<{ json: unknown; bytes: Buffer }> {
  checkContentType(req);
  const bytes = await readBytes({ req, res }, { bytesMax });
  return { json: parseBody(bytes), bytes };
}

/** Whether the request says that a body follows. */
export function hasBody({ req: { headers } }: { req: IncomingMessage }): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function checkContentType({ headers }: IncomingMessage): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map(part => part.trim());
  const charset = parameters.find(parameter => /^charset=/i.test(parameter));
  if (!JSON_TYPE.test(type)) refuse('content-type', headers['content-type'], 'must be application/json');
  if (charset && !/^charset="?utf-8"?$/i.test(charset))
    refuse('content-type', charset, 'must have no charset but utf-8');
  if (headers['content-encoding'] !== undefined) {
    refuse('content-encoding', headers['content-encoding'], 'must be absent: compressed bodies are not taken');
  }
}

function refuse(field: string, value: string | undefined, rule: string): never {
  const problem = { field, rule, ...(value !== undefined && { value: showValue(value) }) };
  throw httpErrors.error('unsupported_media_type', `${field} ${rule}`, { problems: [problem] });
}

function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0)
    throw httpErrors.error('body_empty', 'The body is empty: send a JSON value', bodyMust('be JSON'));
  if (!isUtf8(bytes)) throw httpErrors.error('body_not_json', 'The body is not UTF-8', bodyMust('be UTF-8'));
  const text = bytes.toString();
  const depthMax = limits.json_depth_max + ENVELOPE_DEPTH;
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(depthMax);
    throw httpErrors.error('body_not_json', `The body is not JSON: ${messageOf(error)}`, bodyMust('be JSON', text));
  }
  if (jsonDepth(json, depthMax) > depthMax) throw tooDeep(depthMax);
  return json;
}

function tooDeep(depthMax: number) {
  const detail = `The body nests deeper than ${depthMax} levels`;
  return httpErrors.error('body_too_deep', detail, bodyMust(`nest at most ${depthMax} levels`));
}

function bodyMust(rule: string, text?: string) {
  return { problems: [{ field: 'body', rule: `must ${rule}`, ...(text !== undefined && { value: showValue(text) }) }] };
}
