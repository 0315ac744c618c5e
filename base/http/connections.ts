import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The open connections of a server, each with the answers that are under way on it. */
export type Connections = {
  running(socket: Socket): readonly ServerResponse[];
  drain(graceMs: number): Promise<void>;
};

/**
 * Follows a server's connections, so that it can be drained: `server.close()` alone waits for a connection that was opened
 * and never used, and for one whose keep-alive answer ended after the call.
 */
export function createConnections(server: Server): Connections {
  const open = new Map<Socket, Set<ServerResponse>>();
  let drained: Promise<void> | undefined;

  server.on('connection', (socket: Socket) => {
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', (req, res: ServerResponse) => {
    const { socket } = req;
    open.get(socket)?.add(res);
    if (drained) closeAfter(res);
    res.once('close', () => {
      const running = open.get(socket);
      running?.delete(res);
      if (drained && running?.size === 0) socket.destroySoon();
    });
  });

  async function close(graceMs: number): Promise<void> {
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    for (const [socket, running] of open) {
      if (running.size === 0) socket.destroy();
      for (const res of running) closeAfter(res);
    }
    const timer = setTimeout(() => {
      for (const socket of open.keys()) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
  }

  return {
    running: socket => [...(open.get(socket) ?? [])],
    drain(graceMs) {
      drained ??= close(graceMs);
      return drained;
    },
  };
}

function closeAfter(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
