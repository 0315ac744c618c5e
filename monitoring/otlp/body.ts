import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, showValue } from '../../base/errors.ts';
import { readBytes, tooLarge } from '../../base/http/bytes.ts';
import { httpErrors } from '../../base/http/errors.ts';
import { limits } from '../limits.ts';
import type { Encoding } from './decode.ts';

const unpack = promisify(gunzip);
const ENCODINGS = new Map<string, Encoding>([
  ['application/json', 'json'],
  ['application/x-protobuf', 'protobuf'],
]);

/** How the body is written, by its content type. Throws `unsupported_media_type`. */
export function encodingOf({ headers }: IncomingMessage): Encoding {
  const type = headers['content-type'] ?? '';
  const encoding = ENCODINGS.get(type.split(';')[0]?.trim().toLowerCase() ?? '');
  if (encoding) return encoding;
  const rule = `must be ${[...ENCODINGS.keys()].join(' or ')}`;
  throw httpErrors.error('unsupported_media_type', `content-type ${rule}, not ${showValue(type)}`);
}

/**
 * Reads a body, and unpacks it where it is compressed: it never holds more than `otlp_body_bytes_max` as sent and
 * `otlp_unpacked_bytes_max` unpacked. Throws `unsupported_media_type`, `body_too_large`, `request_timeout` or `bad_request`.
 */
export async function readBody(req: IncomingMessage, res: ServerResponse): Promise<Buffer> {
  const compression = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (compression !== 'gzip' && compression !== 'identity') {
    const rule = `must be gzip or absent, not ${showValue(compression)}`;
    throw httpErrors.error('unsupported_media_type', `content-encoding ${rule}`);
  }
  const sent = await readBytes({ req, res }, { bytesMax: limits.otlp_body_bytes_max });
  if (compression === 'identity') return sent;
  try {
    return await unpack(sent, { maxOutputLength: limits.otlp_unpacked_bytes_max });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const bytesMax = limits.otlp_unpacked_bytes_max;
      throw tooLarge(req, bytesMax, `more than ${bytesMax} bytes unpacked`);
    }
    throw httpErrors.error('bad_request', `The body is not gzip: ${messageOf(error)}`, { cause: error });
  }
}
