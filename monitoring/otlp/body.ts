import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, showValue } from '../../base/errors.ts';
import { httpErrors } from '../../base/http/errors.ts';
import { limits as baseLimits } from '../../base/limits.ts';
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
  const declaredBytes = Number(req.headers['content-length'] ?? 0);
  if (declaredBytes > limits.otlp_body_bytes_max) throw tooLarge(req, `${declaredBytes} bytes`, 'otlp_body_bytes_max');
  // Our servers leave that to whoever wants the body, so that a refused one is never sent.
  if (req.headers.expect !== undefined) res.writeContinue();
  const sent = await collect(req);
  if (compression === 'identity') return sent;
  try {
    return await unpack(sent, { maxOutputLength: limits.otlp_unpacked_bytes_max });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(req, `more than ${limits.otlp_unpacked_bytes_max} bytes unpacked`, 'otlp_unpacked_bytes_max');
    }
    throw httpErrors.error('bad_request', `The body is not gzip: ${messageOf(error)}`, { cause: error });
  }
}

function collect(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= limits.otlp_body_bytes_max) return;
      req.off('data', onData);
      reject(tooLarge(req, `more than ${limits.otlp_body_bytes_max} bytes`, 'otlp_body_bytes_max'));
    };
    const onGone = (): void => reject(httpErrors.error('request_timeout', 'The connection ended before the body did'));
    req.on('data', onData).once('end', () => resolve(Buffer.concat(chunks, bytes)));
    req.once('error', onGone).once('close', onGone);
  });
}

function tooLarge(req: IncomingMessage, value: string, limit: 'otlp_body_bytes_max' | 'otlp_unpacked_bytes_max') {
  // Cutting at once would reset the connection under a sender that has not read the answer yet.
  const timer = setTimeout(() => req.destroy(), baseLimits.refused_body_linger_ms).unref();
  req.resume().once('close', () => clearTimeout(timer));
  const detail = `The body has ${value}, and at most ${limits[limit]} are taken (${limit}): send less at once`;
  return httpErrors.error('body_too_large', detail);
}
