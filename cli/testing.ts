import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { commands } from './commands.ts';
import { run } from './run.ts';

/** A stdin, stdout and stderr for a test, with what was written to them. */
export function createTestIo(given: {
  stdin?: Iterable<string | Uint8Array>;
  isTTY?: boolean;
  env?: NodeJS.ProcessEnv;
}) {
  const { stdin = [], isTTY = false, env = {} } = given;
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) =>
    Object.assign(
      new PassThrough().on('data', chunk => {
        written[name] += chunk;
      }),
      { isTTY },
    );
  const io = {
    stdin: Object.assign(Readable.from(stdin, { objectMode: false }), { isTTY }),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env,
  };
  return { io, written };
}

/** Runs a command line and resolves with its exit code and all that it wrote. */
export async function runLine(argv: readonly string[], given: Parameters<typeof createTestIo>[0] = {}) {
  const { io, written } = createTestIo(given);
  const exitCode = await run(argv, io, commands);
  return { exitCode, ...written };
}

/** A server on a port of its own, until it is disposed of. */
export async function startServer(
  answer: (request: IncomingMessage & { text: string }, response: ServerResponse) => void,
) {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    answer(Object.assign(request, { text }), response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** The address of a server that was there and is gone. */
export async function closedUrl(): Promise<string> {
  await using server = await startServer(() => {});
  return server.url;
}
