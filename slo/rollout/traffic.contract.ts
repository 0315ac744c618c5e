import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BurnlineError } from '../../base/errors.ts';
import { createFakeService } from './fakes.ts';
import { BY_REVISION, isSameSplit, LATEST, type Traffic } from './traffic.ts';

const to = (revision: string, percent?: number, tag?: string) => ({
  ...{ type: BY_REVISION, revision },
  ...(percent !== undefined && { percent }),
  ...(tag !== undefined && { tag }),
});
const BEFORE = [to('api-1', 100), to('api-2', undefined, 'next')];
const SPLIT = [to('api-1', 90), to('api-2', 10, 'next')];

const isRefused = (error: unknown) => error instanceof BurnlineError && error.code === 'cloud_run_refused';

/** What every traffic does, by one whose service is in memory. */
export function testTraffic(
  kind: string,
  open: (service: ReturnType<typeof createFakeService>) => Promise<{ traffic: Traffic } & AsyncDisposable>,
): void {
  const check = (
    what: string,
    run: (traffic: Traffic, service: ReturnType<typeof createFakeService>) => Promise<void>,
  ) =>
    test(`${kind}: ${what}`, async () => {
      const service = createFakeService({ targets: BEFORE, revisions: ['api-1', 'api-2'], latestRevision: 'api-2' });
      await using opened = await open(service);
      await run(opened.traffic, service);
    });

  check('the targets are told with their tags, the latest ready revision by its short name', async traffic => {
    const { targets, latestRevision } = await traffic.current();
    assert.deepEqual([targets, latestRevision], [BEFORE, 'api-2']);
  });

  check('what was replaced is current, whole, and the service has another etag', async (traffic, service) => {
    const { etag } = await traffic.current();
    await traffic.replace(SPLIT, etag);
    const now = await traffic.current();
    assert.deepEqual(now.targets, SPLIT);
    assert.notEqual(now.etag, etag);
    await traffic.replace(BEFORE, now.etag);
    assert.deepEqual(service.history, [BEFORE, SPLIT, BEFORE]);
  });

  check('no target at all is all traffic to the latest revision', async traffic => {
    await traffic.replace([], (await traffic.current()).etag);
    assert.ok(isSameSplit((await traffic.current()).targets, [{ type: LATEST, percent: 100 }]));
  });

  check('a service that was changed meanwhile is left as it is', async (traffic, service) => {
    const { etag } = await traffic.current();
    service.put(SPLIT);
    await assert.rejects(traffic.replace(BEFORE, etag), isRefused);
    assert.deepEqual((await traffic.current()).targets, SPLIT);
  });

  check('targets that are not possible are refused with the reason', async (traffic, service) => {
    const { etag } = await traffic.current();
    await assert.rejects(traffic.replace([to('api-1', 90), to('api-3', 10)], etag), /api-3 is not there/);
    await assert.rejects(traffic.replace([to('api-1', 90)], etag), isRefused);
    assert.deepEqual(service.history, [BEFORE]);
  });

  check('what fails on the way, or after it was begun, is no refusal', async (traffic, service) => {
    for (const [when, left] of [
      ['before', BEFORE],
      ['after', SPLIT],
    ] as const) {
      service.control.trouble = (_, at) => {
        if (at === when) throw new Error('the zone is down');
      };
      const { etag } = await traffic.current();
      const failing = traffic.replace(SPLIT, etag);
      await assert.rejects(failing, error => !isRefused(error) && /the zone is down/.test(String(error)));
      assert.deepEqual((await traffic.current()).targets, left);
    }
  });
}
