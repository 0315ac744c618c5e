import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../base/clock.ts';
import { BurnlineError } from '../../base/errors.ts';
import { createRandom } from '../../base/random.ts';
import type { SeriesWrite } from '../model.ts';
import { isDistribution } from '../query/distribution.ts';
import { decode, encode } from './decode.ts';
import { createTestIntake, exportBySdk, send } from './testing.ts';

type Body = { path: string; type: string; bytes: Buffer; zipped: Buffer };

/** What OpenTelemetry's own SDK sends: each signal, in JSON and in protocol buffers. */
const real: Body[] = [];

before(async () => {
  const server = createServer(async (req, res) => {
    const bytes = Buffer.concat(await req.toArray());
    real.push({ path: req.url ?? '', type: req.headers['content-type'] ?? '', bytes, zipped: gzipSync(bytes) });
    res.writeHead(200, { 'content-type': req.headers['content-type'] }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const OTEL_RESOURCE_ATTRIBUTES = 'cloud.region=us-central1,service.instance.id=a';
  for (const OTEL_EXPORTER_OTLP_PROTOCOL of ['http/json', 'http/protobuf']) {
    await exportBySdk({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_PROTOCOL });
  }
  server.close();
});

test('10,000 real requests, each broken in some way, are all answered: taken, in part or whole, or refused', async () => {
  assert.equal(real.length, 6);
  const random = createRandom(7);
  const intake = createTestIntake({ clock: systemClock, write: checkWrites });
  const statuses = new Map<string, number>();
  for (let round = 0; round < 10_000; round += 1) {
    const { path, type, bytes, zipped } = real[round % real.length] as Body;
    const compressed = random() < 0.05;
    const choice = random();
    const body = compressed
      ? mutateBytes(zipped, random)
      : choice < 0.2
        ? mutateBytes(bytes, random)
        : type.includes('json')
          ? mutateJson(bytes, random)
          : encodeMutated(path, random);
    const headers = { 'content-type': type, ...(compressed && { 'content-encoding': 'gzip' }) };
    const status = await send(intake, { path, headers, body });
    assert.ok(status === 200 || status === 400, `${status} for ${path} in round ${round}`);
    const key = `${path} ${type} ${status}`;
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
  }
  // No kind of request was always so broken that only the decoder was tried, nor always taken.
  assert.equal(statuses.size, 12);
  for (const [key, count] of statuses) assert.ok(count > 20, `${key}: ${count}`);
  const reasons = Object.keys(intake.dropped());
  for (const reason of ['bad_name', 'bad_label', 'bad_time', 'no_location', 'no_instance', 'bad_buckets']) {
    assert.ok(reasons.includes(`metrics.${reason}`), `no request was refused for ${reason}`);
  }
});

/** Whatever came in, what goes to the store is in order. */
function checkWrites(writes: readonly SeriesWrite[]) {
  for (const { series, points } of writes) {
    assert.match(series.metric.type, /^prometheus\.googleapis\.com\/[a-zA-Z][\w:./-]*\/[a-z:]+$/);
    assert.ok(
      Object.values({ ...series.metric.labels, ...series.resource.labels }).every(text => typeof text === 'string'),
    );
    for (const { startMs, endMs, value } of points) {
      assert.ok(Number.isInteger(startMs) && Number.isInteger(endMs));
      assert.ok(series.metricKind === 'GAUGE' ? startMs === endMs : startMs > 0 && startMs < endMs);
      if (!isDistribution(value)) assert.ok(Number.isFinite(value));
      else {
        assert.ok(Number.isFinite(value.sum) && value.counts.every(count => count >= 0));
        assert.equal(
          value.counts.reduce((sum, count) => sum + count, 0),
          value.count,
        );
        assert.ok(value.bounds.every((bound, index) => bound > (value.bounds[index - 1] ?? -Infinity)));
        assert.equal(value.counts.length, value.bounds.length + 1);
      }
    }
  }
  return { kept: writes.length, refused: [] };
}

type Random = () => number;

const pick = <Item>(items: readonly Item[], random: Random) => items[Math.floor(random() * items.length)] as Item;

/** Overwrites, cuts out, repeats or adds bytes, once or a few times. */
function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes);
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) {
    const at = Math.floor(random() * mutated.length);
    const to = Math.min(mutated.length, at + Math.floor(random() * 20));
    const [head, middle, tail] = [mutated.subarray(0, at), mutated.subarray(at, to), mutated.subarray(to)];
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 256)));
    mutated = pick(
      [
        () => Buffer.concat([head, Buffer.from([Math.floor(random() * 256)]), mutated.subarray(at + 1)]),
        () => Buffer.concat([head, tail]),
        () => Buffer.concat([head, middle, middle, tail]),
        () => Buffer.concat([head, noise, tail]),
        () => Buffer.from(head),
      ],
      random,
    )();
  }
  return mutated;
}

const ODD = [
  ...[null, true, -1, 0, 1, 1.5, 1e308, -1e308, 2 ** 53, 'NaN', '-Infinity', '', 'a b', '99999999999999999999', 'ff'],
  ...[[], {}, [null], [[]], { a: 1 }, { stringValue: 7 }, { intValue: 'x' }, '\u0000', '\ud800', 'x'.repeat(3000)],
];

/** The same in protocol buffers, as far as they can say it. */
function encodeMutated(path: string, random: Random): Buffer {
  const json = real.find(body => body.path === path && body.type.includes('json')) as Body;
  const name = ({ '/v1/traces': 'TraceRequest', '/v1/logs': 'LogsRequest' } as const)[path] ?? 'MetricsRequest';
  for (;;) {
    const mutated = mutateJson(json.bytes, random);
    try {
      return Buffer.from(encode(name, decode(name, 'json', mutated)));
    } catch (error) {
      assert.ok(error instanceof BurnlineError, `${mutated}: ${error}`);
    }
  }
}

/** Puts something odd in the place of one or a few values, removes them or moves another's there. */
function mutateJson(bytes: Buffer, random: Random): Buffer {
  const root = JSON.parse(bytes.toString()) as object;
  for (let times = 1 + Math.floor(random() * 2); times > 0; times -= 1) {
    const { parent, key } = placeIn(root, random);
    const other = placeIn(root, random);
    const choice = random();
    const alike = ODD.filter(
      odd => typeof odd === typeof parent[key] && Array.isArray(odd) === Array.isArray(parent[key]),
    );
    if (choice < 0.5) parent[key] = structuredClone(pick(alike, random) ?? null);
    else if (choice < 0.6) parent[key] = structuredClone(pick(ODD, random));
    else if (choice < 0.8) delete parent[key];
    else parent[key] = structuredClone(other.parent[other.key]);
  }
  return Buffer.from(JSON.stringify(root));
}

type Place = { parent: Record<string, unknown>; key: string };

/** A place some way down, most often at the end of it. */
function placeIn(value: object, random: Random): Place {
  const parent = value as Record<string, unknown>;
  const key = pick(Object.keys(parent), random);
  const inner = parent[key];
  const isEnd = typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0;
  return isEnd || random() < 0.05 ? { parent, key } : placeIn(inner, random);
}
