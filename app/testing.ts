import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../base/clock.ts';
import { listen } from '../base/http/server.ts';
import { randomId } from '../base/ids.ts';
import { openWarehouseFile, type WarehouseFile } from '../records/sqlite/warehouse-file.ts';
import { createWriteClock } from '../records/version.ts';
import { createLogger } from '../telemetry/log.ts';
import { type ApiParts, createApi } from './api.ts';

/** An API on real stores of its own, listening on loopback until the test ends. */
export type TestApi = {
  url: string;
  stores: WarehouseFile;
  /** What was logged, one object for each line. */
  logged: Record<string, unknown>[];
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};

/** An answer with its body read. */
export type Answer = { status: number; headers: Headers; text: string; json: Json };

// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered
type Json = any;

/** Starts it; `parts` replaces some of what it is made of, given its stores. */
export async function startApi(
  t: TestContext,
  parts: (stores: WarehouseFile) => Partial<ApiParts> = () => ({}),
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'burnline-app-'));
  const clock = systemClock;
  const stores = openWarehouseFile({ path: join(folder, 'warehouse.sqlite'), clock });
  const logged: Record<string, unknown>[] = [];
  const app = createApi({
    ...stores,
    clock,
    newId: randomId,
    writeClock: createWriteClock({ clock, warehouse: stores.warehouse }),
    replay: async id => ({ outcome: 'stored', id }),
    erase: async id => ({ events: await stores.warehouse.erase(id), deadLetters: await stores.deadLetters.erase(id) }),
    log: createLogger({ service: 'test', destination: { write: line => logged.push(JSON.parse(line)) } }),
    isReady: () => true,
    settings: { apiKeys: [] },
    ...parts(stores),
  });
  const server = await listen({ handler: app.callback(), port: 0 });
  t.after(async () => {
    await server.drain(0);
    await stores.warehouse.close();
    await rm(folder, { recursive: true });
  });

  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(server.url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson =
      /json/.test(response.headers.get('content-type') ?? '') &&
      !/ndjson/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text ? JSON.parse(text) : undefined,
    };
  }
  return { url: server.url, stores, logged, send, get: (path, headers) => send('GET', path, undefined, headers) };
}

/** Stores records `id-000`, `id-001`, … as a topic would bring them. */
export async function fill({ warehouse }: Pick<WarehouseFile, 'warehouse'>, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `id-${String(index).padStart(3, '0')}`);
  await warehouse.append(
    ids.map((id, index) => ({
      record: { id, name: `Name ${index}`, timestamp: '2026-01-02T03:04:05Z', attributes: { index } },
      version: { orderedAt: index + 1, messageId: String(index) },
      source: 'topic' as const,
    })),
  );
  return ids;
}
