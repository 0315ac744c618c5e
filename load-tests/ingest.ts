// Whether what is published becomes readable, as it was published and as soon as is promised.
import { check, sleep } from 'k6';
import { b64encode } from 'k6/encoding';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { type Plan, testOptions } from './parts/budget.ts';
import { busyPerSecond } from './parts/goals.ts';
import { recordToGet, recordToSend } from './parts/payloads.ts';
import type { K6Data } from './parts/report.ts';
import { isSame, member, parse } from './parts/same.ts';
import { eraseAll, startRun } from './parts/seeded.ts';
import { isAnswered, send, toK6 } from './parts/send.ts';
import { readSettings } from './parts/settings.ts';
import { toScenario } from './parts/shapes.ts';
import { packSlow, slowestMetric } from './parts/slowest.ts';
import { writeSummary } from './parts/summary.ts';
import { traceparentOf } from './parts/trace.ts';
import { objectives } from './thresholds.ts';

const BATCH = 5;
const SERVICE = 'ingest';

const goal = objectives[SERVICE]['publish-to-commit'];
const settings = readSettings(__ENV);
const { seconds = 120, perSecond = busyPerSecond(seconds, { service: SERVICE, goals: [goal] }) } = settings;
const plan: Plan = {
  test: 'ingest',
  service: SERVICE,
  steps: [{ perSecond, seconds }],
  goals: [{ goal, events: [perSecond * seconds] }],
  trend: 'publish_to_readable',
  eventsEach: BATCH,
  // In the cloud a replica follows the warehouse by ten seconds.
  secondsMax: 20,
};
const { maxVUs } = toScenario(plan.steps, plan);
const step = '0';
const good = new Rate(goal.metric);
const bad = new Counter(`${goal.metric}_bad`);
const readable = new Trend(plan.trend, true);
const slowest = new Gauge(slowestMetric('record'));

export const options = testOptions(plan);
export const setup = startRun;

/** Each VU publishes versions of records of its own, one batch after the other: what is read is then this one or not there yet. */
function idsOf(vu: number): string[] {
  return Array.from({ length: BATCH }, (_, index) => `load-test-${plan.test}-${settings.seed}-${vu}-${index}`);
}

export default function publishAndRead({ run, at }: ReturnType<typeof setup>): void {
  const number = exec.scenario.iterationInTest;
  const waiting = new Map(idsOf(exec.vu.idInTest).map(id => [id, { id, seed: settings.seed, number, at }]));
  const messages = [...waiting.values()].map(of => ({
    data: b64encode(JSON.stringify(recordToSend(of))),
    attributes: { traceparent: traceparentOf(run, number) },
  }));
  const { publishUrl: url, publishToken: bearer } = settings;
  const published = Date.now();
  // The API's key is not for the topic.
  const request = { method: 'POST', url, body: { messages }, tags: { name: 'publish' }, run, number };
  const answer = send({ bearer }, request);
  const isTaken = isSame(Object.keys(Object(member(parse(answer.body), 'messageIds'))).length, BATCH);
  if (isAnswered(answer)) check(answer, { 'the topic takes what is published': () => isTaken });

  let elapsedMs = 0;
  while (isTaken && waiting.size > 0 && elapsedMs < goal.thresholdMs) {
    // Asked for more and more rarely, and so measured to a quarter.
    sleep(Math.min(1, Math.max(0.01, elapsedMs / 4000)));
    const asked = [...waiting.values()];
    const answers = http.batch(
      asked.map(({ id }) => toK6(settings, { method: 'GET', url: `${settings.baseUrl}/records/${id}`, run, number })),
    );
    elapsedMs = Date.now() - published;
    for (const [index, record] of asked.entries()) {
      const served = parse(answers[index]?.body);
      if (member(member(served, 'attributes'), 'loadTest') !== number) continue;
      waiting.delete(record.id);
      check(served, { 'a record is readable as it was published': () => isSame(served, recordToGet(record)) });
      readable.add(elapsedMs, { step });
      count(elapsedMs < goal.thresholdMs);
      slowest.add(packSlow(elapsedMs, number));
    }
  }
  for (const _ of waiting) count(false);
}

function count(isGood: boolean): void {
  good.add(isGood, { step });
  bad.add(isGood ? 0 : 1, { step });
}

export function teardown(seeded: ReturnType<typeof setup>): void {
  eraseAll(settings, Array.from({ length: maxVUs }, (_, index) => idsOf(index + 1)).flat(), seeded);
}

export function handleSummary(data: K6Data): Record<string, string> {
  const kinds = [['record', 'a record, from publish to readable']] as const;
  return writeSummary(data, { plan, kinds, settings });
}
