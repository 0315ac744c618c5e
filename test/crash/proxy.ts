import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { type Call, serveAppends } from './append-call.ts';
import { createInjection, type Injection } from './injection.ts';

const SERVICE = '/google.cloud.bigquery.storage.v1.BigQueryWrite';
const APPEND_ROWS = `${SERVICE}/AppendRows`;
const GET_WRITE_STREAM = `${SERVICE}/GetWriteStream`;
const BYTES_MAX = 16_000_000;
const OPTIONS = { 'grpc.max_receive_message_length': BYTES_MAX, 'grpc.max_send_message_length': BYTES_MAX };
const DOWN = { code: status.UNAVAILABLE, details: 'The warehouse is down (injected)' };

/** The Storage Write API of an emulator, with a say in what becomes of a call. */
export type Proxy = {
  /** Its address, for `BIGQUERY_STORAGE_EMULATOR_HOST`. */
  host: string;
  injection: Injection;
  /** Down, it refuses calls, and cuts those that are open. */
  setDown(isDown: boolean): void;
  /** How many calls were refused or cut. */
  refused(): number;
  close(): void;
};

/** Starts a proxy before the emulator at `upstream`, such as `127.0.0.1:9060`. */
export async function startProxy({ upstream }: { upstream: string }): Promise<Proxy> {
  const client = new Client(upstream, credentials.createInsecure(), OPTIONS);
  const server = new Server(OPTIONS);
  const injection = createInjection();
  const calls = new Set<Call>();
  const sockets = new Map<string, Socket>();
  let isDown = false;
  let refused = 0;

  function refuse(call: Call): void {
    refused += 1;
    call.emit('error', DOWN);
  }

  server.register(
    APPEND_ROWS,
    (call: Call) => {
      if (isDown) return refuse(call);
      calls.add(call);
      call.once('close', () => calls.delete(call));
      const peer = call.getPeer();
      const reset = () => void sockets.get(peer)?.resetAndDestroy();
      serveAppends({ call, injection, reset, forward: request => append(client, request) });
    },
    toBuffer,
    asItIs,
    'bidi',
  );
  server.register(
    GET_WRITE_STREAM,
    (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      if (!isDown) return void client.makeUnaryRequest(GET_WRITE_STREAM, asItIs, asItIs, call.request, answer);
      refused += 1;
      answer(DOWN);
    },
    asItIs,
    asItIs,
    'unary',
  );

  // Each connection goes through our hands, so that it can be reset.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const front = createServer(socket => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    host: `127.0.0.1:${(front.address() as AddressInfo).port}`,
    injection,
    setDown(down) {
      isDown = down;
      if (isDown) for (const call of calls) refuse(call);
    },
    refused: () => refused,
    close() {
      front.close();
      injector.destroy();
      server.forceShutdown();
      client.close();
    },
  };
}

/** An append as a call of its own: the emulator keeps a thread for each call that is open, and has few. */
function append(client: Client, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest(APPEND_ROWS, toBuffer, asItIs, new Metadata());
    call.on('data', resolve);
    call.on('error', (error: ServiceError) => reject(error));
    call.on('end', () => reject(new Error('The emulator ended the call without an answer')));
    call.write(request);
    call.end();
  });
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
