import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeApi, type FakeState, ok, refused } from './api.ts';

type Service = { port: number; looks: number };

/** Cloud Run: each container is a process, and in front of it stands what answers `/healthz` by itself. */
export function createFakeCloudRun(state: FakeState) {
  const processes: ChildProcess[] = [];
  const services = new Map<string, Service>();

  const answer: FakeApi = async ({ method, path, query, body }) => {
    if (method === 'GET') {
      const id = path.split('/').at(-1) ?? '';
      const service = services.get(id);
      if (!service) return refused('no such service', 404);
      service.looks += 1;
      // Not ready at once.
      if (service.looks === 1) return ok({ terminalCondition: { state: 'CONDITION_RECONCILING' } });
      return ok({ uri: `${state.url}/front/${id}`, terminalCondition: { state: 'CONDITION_SUCCEEDED' } });
    }
    const id = query.get('serviceId') ?? '';
    if (!body.invokerIamDisabled) return refused('nobody could ask it');
    const { containers, serviceAccount = 'default' } = body.template;
    const [{ image, command, args, env }] = containers;
    if (image !== 'node:24-slim' || command.join() !== 'node') return refused(`no image ${image}`);
    const port = await freePort();
    const given = Object.fromEntries(env.map(({ name, value }: Record<string, string>) => [name, value]));
    const metadata = `${state.url.slice('http://'.length)}/metadata/${serviceAccount}`;
    processes.push(
      spawn(process.execPath, args, {
        env: { PATH: process.env.PATH, ...given, PORT: `${port}`, K_SERVICE: id, GCE_METADATA_HOST: metadata },
        stdio: 'ignore',
      }),
    );
    services.set(id, { port, looks: 0 });
    state.made.set(`run${path}/${id}`, body);
    return ok({ name: `operations/${id}` });
  };

  const front: FakeApi = async ({ method, path }) => {
    const [, id = '', ...rest] = path.split('/');
    if (rest[0] === 'healthz' && !state.isOtherwise('healthz')) return refused('The requested URL was not found', 404);
    const response = await askContainer(services.get(id)?.port ?? 0, rest.join('/'), method);
    const text = await response.text();
    return { status: response.status, ...(text !== '' && { body: JSON.parse(text) }) };
  };

  return {
    answer,
    front,
    stop() {
      for (const child of processes) child.kill('SIGKILL');
    },
  };
}

/** A request waits until its container listens. */
async function askContainer(port: number, path: string, method: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(`http://127.0.0.1:${port}/${path}`, { method });
    } catch {
      await sleep(20);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
