import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakePath } from './fakes.ts';
import { createWalk, describeWalked, type Path } from './walk.ts';

const PREFIX = 'probe-x-';
const { signal } = new AbortController();

/** A walk along a fake path, of which a test replaces a part by one that does otherwise. */
function open(delays: Parameters<typeof createFakePath>[0] = {}, change: (path: Path) => Partial<Path> = () => ({})) {
  const path = createFakePath(delays);
  const walk = createWalk({ ...path, ...change(path), prefix: PREFIX, deadlineMs: 60_000, graceMs: 15_000 });
  return { ...path, walk };
}

/** An API that answers for one record otherwise, from the second version on. */
const lying =
  (id: string, lie: (record: Record<string, unknown>) => Record<string, unknown>) =>
  ({ api }: Path): Partial<Path> => ({
    api: {
      ...api,
      async get(asked, signal) {
        const served = await api.get(asked, signal);
        return served && asked === id ? { ...served, record: lie({ ...served.record }) } : served;
      },
    },
  });

test('what is served as it was published is ok, when it is made and when it is updated', async () => {
  const { walk } = open();
  for (let round = 0; round < 6; round += 1) {
    assert.deepEqual(await walk.round(signal), { outcome: 'ok', readableSeconds: 0 });
  }
});

test('the time from publish to readable is measured, and while one record is not there only that one is asked for', async () => {
  const { walk, asked } = open({ storeMs: 2000, serveMs: 10_000 });
  // It looks after 0, 0.25, 0.75, 1.75, 3.75, 7.75, 11.75 and 15.75 s.
  assert.deepEqual(await walk.round(signal), { outcome: 'ok', readableSeconds: 15.75 });
  assert.deepEqual(asked, [...Array(8).fill('probe-x-1'), 'probe-x-2 ñ漢', 'probe-x-3']);
});

test('what is not in the table by the deadline is late, and named', async () => {
  const { walk } = open({ storeMs: 61_000 });
  const walked = await walk.round(signal);
  assert.equal(walked.outcome, 'late');
  assert.equal(walked.readableSeconds, 60);
  assert.deepEqual(describeWalked(walked), ['not in the table within 60 s: probe-x-1, probe-x-2 ñ漢, probe-x-3']);
});

test('what the API serves after the deadline is late, not wrong', async () => {
  const walked = await open({ storeMs: 50_000, serveMs: 12_000 }).walk.round(signal);
  assert.equal(walked.outcome, 'late');
  assert.match(describeWalked(walked).join(), /^served by the API after 6\d\.\d s, and 60 s are allowed$/);
});

test('what the table holds and the API never serves is wrong', async () => {
  const walked = await open({ serveMs: 3_600_000 }).walk.round(signal);
  assert.deepEqual(describeWalked(walked), [
    'probe-x-1 is in the table and not in the API',
    'probe-x-2 ñ漢 is in the table and not in the API',
    'probe-x-3 is in the table and not in the API',
  ]);
});

test('an API that goes on serving an older version is wrong, with both versions', async () => {
  const { walk } = open({}, ({ api }) => {
    const first = new Map<string, Awaited<ReturnType<typeof api.get>>>();
    return {
      api: {
        ...api,
        async get(id, signal) {
          const served = await api.get(id, signal);
          if (id.endsWith('3') && !first.has(id)) first.set(id, served);
          return first.get(id) ?? served;
        },
      },
    };
  });
  assert.equal((await walk.round(signal)).outcome, 'ok');
  const walked = await walk.round(signal);
  assert.equal(walked.outcome, 'wrong');
  const [said, ...others] = describeWalked(walked);
  assert.match(said ?? '', /^probe-x-3: version is "\d+\.6" in the table and "\d+\.3" in the API$/);
  assert.deepEqual(others, []);
});

test('a field that the API changes, drops or makes up is named with both values', async () => {
  const says = async (lie: (record: Record<string, unknown>) => Record<string, unknown>) =>
    describeWalked(await open({}, lying('probe-x-3', lie)).walk.round(signal));
  const change = await says(record => ({ ...record, country: 'Peru' }));
  assert.deepEqual(change, ['probe-x-3: country is "Chile" in the table and "Peru" in the API']);
  const drop = await says(({ country: _, ...record }) => record);
  assert.deepEqual(drop, ['probe-x-3: country is "Chile" in the table and not there in the API']);
  const made = await says(({ attributes, ...record }) => ({
    ...record,
    attributes: { ...(attributes as object), x: 1 },
  }));
  assert.deepEqual(made, ['probe-x-3: attributes.x is not there in the table and 1 in the API']);
  const rounded = await says(record => JSON.parse(JSON.stringify(record)));
  assert.deepEqual(rounded, [
    'probe-x-3: attributes.big is 12345678901234567890123 in the table and 1.2345678901234568e+22 in the API',
  ]);
});

test('a table that holds something else than was published is told from an API that serves something else', async () => {
  const { walk } = open({}, ({ table }) => ({
    table: {
      ...table,
      async newest(prefix) {
        const stored = await table.newest(prefix);
        return new Map([...stored].map(([id, row]) => [id, { ...row, record: { ...row.record, name: 'n' } }]));
      },
    },
  }));
  assert.match(
    describeWalked(await walk.round(signal)).join('\n'),
    /^probe-x-1: name is ".+" in the message and "n" in the table$/m,
  );
});

test('a listing that leaves a record out, repeats one or is not in order is wrong', async () => {
  const says = async (list: (records: Record<string, unknown>[]) => Record<string, unknown>[]) => {
    const { walk } = open({}, ({ api }) => ({
      api: { ...api, list: async (prefix, signal) => list([...(await api.list(prefix, signal))]) },
    }));
    return describeWalked(await walk.round(signal));
  };
  assert.deepEqual(await says(records => records.slice(1)), [
    'probe-x-1 is in the table and not in the pages of the API',
  ]);
  const order = /^all records: order is \["probe-x-1",.+ in the table and \["probe-x-.+ in the pages of the API$/;
  assert.match((await says(records => records.toReversed())).join('\n'), order);
  assert.match((await says(records => [...records, ...records.slice(2)])).join('\n'), order);
});

test('an API that answers again before the deadline is no failure, one that does not is', async () => {
  const failing = (until: number) => {
    let asked = 0;
    return ({ api }: Path): Partial<Path> => ({
      api: {
        ...api,
        async get(id, signal) {
          asked += 1;
          if (asked <= until) throw new Error('503');
          return api.get(id, signal);
        },
      },
    });
  };
  assert.equal((await open({}, failing(5)).walk.round(signal)).outcome, 'ok');
  await assert.rejects(open({}, failing(Infinity)).walk.round(signal), /503/);
});

test('a poison message is found among the dead letters with its bytes, is no record, and late where it is not', async () => {
  const { walk } = open();
  assert.equal((await walk.poison(signal)).outcome, 'ok');
  assert.equal((await walk.round(signal)).outcome, 'ok');
  const none = open({}, ({ api }) => ({ api: { ...api, deadLetters: async () => ({ items: [], next: undefined }) } }));
  assert.deepEqual(describeWalked(await none.walk.poison(signal)), ['no dead letter within 60 s: probe-x-poison']);
  const other = open({}, ({ api }) => ({
    api: { ...api, deadLetters: async () => ({ items: [{ messageId: '1', data: 'eA==' }], next: undefined }) },
  }));
  assert.match(
    describeWalked(await other.walk.poison(signal)).join(),
    /^probe-x-poison: data is ".+" in the message and "eA==" in/,
  );
});

test('all that was published is erased, also after a failure, and what could not be is named', async () => {
  const { walk, table, api } = open({}, ({ api }) => ({
    api: {
      ...api,
      get: () => Promise.reject(new Error('down')),
      erase: (id, signal) => (id.endsWith('3') ? Promise.reject(new Error('403')) : api.erase(id, signal)),
    },
  }));
  await assert.rejects(walk.round(signal));
  await walk.poison(signal);
  assert.deepEqual(await walk.erase(signal), [{ id: 'probe-x-3', reason: '403' }]);
  assert.deepEqual([...(await table.newest(PREFIX)).keys()], ['probe-x-3']);
  assert.deepEqual(await walk.erase(signal), [{ id: 'probe-x-3', reason: '403' }]);
  await api.erase('probe-x-3', signal);
});

test('a walk that is broken off rejects at once', async () => {
  const controller = new AbortController();
  const { walk } = open({}, ({ api }) => ({
    api: {
      ...api,
      async get() {
        controller.abort(new Error('stopped'));
        return undefined;
      },
    },
  }));
  await assert.rejects(walk.round(controller.signal), /stopped/);
});
