import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '../limits.ts';
import { httpErrors } from './errors.ts';

/** Reads a body of at most `bytesMax` bytes, and holds no more. Throws `body_too_large` or `request_timeout`. */
export async function readBytes(
  { req, res }: { req: IncomingMessage; res: ServerResponse },
  { bytesMax }: { bytesMax: number },
): Promise<Buffer> {
  const declaredBytes = Number(req.headers['content-length'] ?? 0);
  if (declaredBytes > bytesMax) throw tooLarge(req, bytesMax, `${declaredBytes} bytes`);
  // The server does not say "100 Continue" by itself, so that a refused body is never sent (see server.ts).
  if (req.headers.expect !== undefined) res.writeContinue();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= bytesMax) return;
      req.off('data', onData);
      reject(tooLarge(req, bytesMax, `more than ${bytesMax} bytes`));
    };
    const onGone = (): void => reject(httpErrors.error('request_timeout', 'The connection ended before the body did'));
    req.on('data', onData).once('end', () => resolve(Buffer.concat(chunks, bytes)));
    req.once('error', onGone).once('close', onGone);
  });
}

/** Refuses a body for its size, `value` of `bytesMax`, and throws away what still comes of it. */
export function tooLarge(req: IncomingMessage, bytesMax: number, value: string) {
  discardRest(req);
  const problems = [{ field: 'body', value, rule: `must have at most ${bytesMax} bytes` }];
  const detail = `The body has ${value}, and at most ${bytesMax} are taken: send less at once`;
  return httpErrors.error('body_too_large', detail, { problems });
}

/**
 * Closing at once would reset the connection under a client that is still sending, before it has read the answer. So what
 * comes is thrown away for a while, and only then the connection is cut.
 */
function discardRest(req: IncomingMessage): void {
  const timer = setTimeout(() => req.destroy(), limits.refused_body_linger_ms).unref();
  req.resume().once('close', () => clearTimeout(timer));
}
