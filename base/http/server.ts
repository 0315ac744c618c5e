import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limits } from '../limits.ts';
import { answerBrokenRequests } from './broken-requests.ts';
import { createConnections } from './connections.ts';
import { httpErrors } from './errors.ts';

/** A server that listens. */
export type Listening = {
  url: string;
  port: number;
  /**
   * Takes no more connections, closes the idle ones, lets running requests end for up to `graceMs`, then cuts what is left.
   * Resolves when no connection is open.
   */
  drain(graceMs: number): Promise<void>;
};

/**
 * Serves HTTP with a limit on every wait. Port 0 picks a free one. Throws `port_in_use`, naming `portVariable` as the
 * environment variable that would change it.
 */
export async function listen(options: {
  handler: RequestListener;
  port: number;
  host?: string;
  portVariable?: string;
}): Promise<Listening> {
  const { handler, host = '127.0.0.1', portVariable = 'PORT' } = options;
  const server = createServer({
    requestTimeout: limits.http_request_ms_max,
    headersTimeout: limits.http_headers_ms_max,
    keepAliveTimeout: limits.http_keep_alive_ms_max,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: limits.http_header_bytes_max,
  });
  server.maxConnections = limits.http_connections_max;
  server.timeout = limits.http_idle_ms_max;

  const connections = createConnections(server);
  answerBrokenRequests(server, connections);
  server.on('request', handler);
  // Without a listener Node asks for the body before anyone has looked at its headers (see body.ts).
  server.on('checkContinue', (req, res: ServerResponse) => {
    res.setHeader('Connection', 'close');
    server.emit('request', req, res);
  });

  server.listen(options.port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const detail = `Port ${options.port} on ${host} is taken by another process: stop it, or set ${portVariable} to a free port`;
    throw httpErrors.error('port_in_use', detail, { cause: error });
  }
  const { port } = server.address() as AddressInfo;
  return { url: `http://${hostInUrl(host)}:${port}`, port, drain: connections.drain };
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
