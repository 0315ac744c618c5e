// One of the servers that the bench compares, over the file named by BENCH_FILE. BENCH_KIND: bare, app or traced.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '../app/api.ts';
import { systemClock } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';
import { decodeCursor, encodeCursor } from '../records/cursor.ts';
import type { Reader } from '../records/reader.ts';
import { openWarehouseFile } from '../records/sqlite/warehouse-file.ts';
import { createWriteClock } from '../records/version.ts';
import { createLogger } from '../telemetry/log.ts';
import { startTelemetry } from '../telemetry/start.ts';

const kind = process.env.BENCH_KIND;
const { warehouse, deadLetters, reader } = openWarehouseFile({
  path: process.env.BENCH_FILE ?? '',
  clock: systemClock,
});

/** The least that can answer the same pages from the same rows: what any framework and any telemetry is held against. */
function bareHandler(reader: Reader) {
  return createServer(async (req, res) => {
    const query = new URLSearchParams(req.url?.split('?')[1]);
    const limit = Number(query.get('limit') ?? 50);
    const offset = Number(query.get('offset') ?? 0);
    const cursor = query.get('cursor');
    const rows = await reader.page(
      cursor ? { limit: limit + 1, after: decodeCursor('records', cursor) } : { limit: limit + 1, offset },
    );
    const records = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? encodeCursor('records', records.at(-1)?.id ?? '') : undefined;
    const body = JSON.stringify({ records, limit, offset, nextCursor });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    res.end(body);
  });
}

async function apiHandler(traced: boolean) {
  const telemetry = traced ? await startTelemetry({ service: 'bench' }) : undefined;
  const app = createApi({
    ...{
      reader,
      warehouse,
      deadLetters,
      clock: systemClock,
      newId: randomId,
      writeClock: createWriteClock({ clock: systemClock, warehouse }),
    },
    replay: async () => ({ outcome: 'stored', id: '' }),
    erase: async () => ({ events: 0, deadLetters: 0 }),
    log: createLogger({ service: 'bench', level: 'fatal' }),
    ...(telemetry && { telemetry }),
    isReady: () => true,
    settings: { apiKeys: [] },
  });
  return createServer(app.callback());
}

const server = kind === 'bare' ? bareHandler(reader) : await apiHandler(kind === 'traced');
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
