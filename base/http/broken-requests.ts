import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from './connections.ts';
import { httpErrors } from './errors.ts';

const CODES = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
} as const;

/** Answers what never became a request (not HTTP, headers too long, too slow) as problem+json, and closes. */
export function answerBrokenRequests(server: Server, connections: Pick<Connections, 'running'>): void {
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    // Where an answer has begun, a second one would be read as its continuation.
    const begun = connections.running(socket).some(res => res.headersSent);
    if (error.code === 'ECONNRESET' || !socket.writable || begun) {
      socket.destroy();
      return;
    }
    socket.write(answer(CODES[error.code as keyof typeof CODES] ?? 'bad_request'));
    socket.destroySoon();
  });
}

function answer(code: keyof typeof httpErrors.rows): string {
  const { status, title } = httpErrors.rows[code];
  const body = JSON.stringify({ type: `urn:burnline:problem:${code}`, title, status });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
