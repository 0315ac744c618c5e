import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBench, message, NOW, noTelemetry, quietLog } from './fakes.ts';
import { createReceiver } from './receive.ts';

const ada = (name: string) => ({ id: 'ada', name });

test('the same message delivered ten times is one record, and a broken one is one dead letter', async () => {
  const { receiver, records, letters } = createBench();
  const deliveries = [message('1', ada('Ada')), message('2', 'broken')];
  for (let times = 0; times < 5; times += 1) await receiver.receive([...deliveries, ...deliveries], 'pull');
  assert.deepEqual(
    (await records()).map(({ name }) => name),
    ['Ada'],
  );
  assert.deepEqual(
    (await letters()).map(({ messageId, reason }) => [messageId, reason]),
    [['2', 'not_json']],
  );
});

test('an older version that arrives late does not overwrite a newer one', async () => {
  const { receiver, records } = createBench();
  await receiver.receive([message('2', ada('newer'), NOW - 1)], 'push');
  await receiver.receive([message('1', ada('older'), NOW - 2)], 'push');
  assert.equal((await records())[0]?.name, 'newer');
});

test('a row that the warehouse refuses is a dead letter, and the rest of its batch is stored', async () => {
  const { receiver, letters, records } = createBench({
    wrapWarehouse: warehouse => ({
      ...warehouse,
      async append(events) {
        const bad = events.findIndex(({ record }) => record.id === 'bad');
        await warehouse.append(events.toSpliced(bad, 1));
        return [{ index: bad, reason: 'no such column' }];
      },
    }),
  });
  const batch = ['a', 'bad', 'c'].map((id, index) => message(String(index), { id, name: id }));
  await receiver.receive(batch, 'pull');
  assert.deepEqual(
    (await records()).map(({ id }) => id),
    ['a', 'c'],
  );
  const [letter] = await letters();
  assert.equal(letter?.reason, 'row_refused');
  assert.equal(letter?.messageId, '1');
  assert.equal(letter?.recordId, 'bad');
  assert.match(letter?.detail ?? '', /no such column/);
});

test('it does not resolve before the dead letter of a refused row is durable', async () => {
  const { warehouse, deadLetters, clock } = createBench();
  const receiver = createReceiver({
    ...{ clock, telemetry: noTelemetry, log: quietLog, subscriptionName: 's' },
    warehouse: { ...warehouse, append: async () => [{ index: 0, reason: 'refused' }] },
    deadLetters: { ...deadLetters, add: () => Promise.reject(new Error('disk full')) },
  });
  await assert.rejects(receiver.receive([message('1', ada('Ada'))], 'pull'), /disk full/);
});

test('it rejects where the warehouse fails, and the dead letters of the batch are kept all the same', async () => {
  const { receiver, letters } = createBench({
    wrapWarehouse: warehouse => ({ ...warehouse, append: () => Promise.reject(new Error('down')) }),
  });
  await assert.rejects(receiver.receive([message('1', ada('Ada')), message('2', 'broken')], 'pull'), /down/);
  assert.equal((await letters()).length, 1);
});

test('it rejects where the warehouse or the dead-letter store never answers', async () => {
  const { warehouse, deadLetters, clock } = createBench();
  const never = () => new Promise<never>(() => {});
  const options = { clock, telemetry: noTelemetry, log: quietLog, subscriptionName: 's', appendTimeoutMs: 5 };
  const noWarehouse = createReceiver({ ...options, warehouse: { ...warehouse, append: never }, deadLetters });
  await assert.rejects(noWarehouse.receive([message('1', ada('Ada'))], 'pull'), { code: 'store_silent' });
  const noLetters = createReceiver({ ...options, warehouse, deadLetters: { ...deadLetters, add: never } });
  await assert.rejects(noLetters.receive([message('1', 'broken')], 'pull'), { code: 'store_silent' });
});

test('a store with nothing to do is not called', async () => {
  const { warehouse, deadLetters, clock } = createBench();
  const fail = () => Promise.reject(new Error('called'));
  const options = { clock, telemetry: noTelemetry, log: quietLog, subscriptionName: 's' };
  await createReceiver({ ...options, warehouse, deadLetters: { ...deadLetters, add: fail } }).receive(
    [message('1', ada('Ada'))],
    'pull',
  );
  await createReceiver({ ...options, warehouse: { ...warehouse, append: fail }, deadLetters }).receive(
    [message('1', 'broken')],
    'pull',
  );
});

test('whatever is published ends as exactly one record or dead letter', async () => {
  const content = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.record({ name: fc.string({ minLength: 1 }) }));
  await fc.assert(
    fc.asyncProperty(fc.array(content, { maxLength: 20 }), async contents => {
      const { receiver, records, letters } = createBench();
      const batch = contents.map((value, index) =>
        message(`${index}`, typeof value === 'string' ? value : { id: `${index}`, ...value }),
      );
      await receiver.receive(batch, 'pull');
      const kept = [...(await records()).map(({ id }) => id), ...(await letters()).map(({ messageId }) => messageId)];
      assert.deepEqual(kept.toSorted(), batch.map(({ messageId }) => messageId).toSorted());
    }),
    { numRuns: 25 },
  );
});
