// Sends OTLP to the address that it is told, BENCH_POINTS_PER_SECOND, until it is told `off`: then it says how many a second were taken.
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '../monitoring/otlp/decode.ts';
import { createRequest, POINTS_PER_REQUEST } from './otlp-intake.ts';

const everyMs = (1000 * POINTS_PER_REQUEST) / Number(process.env.BENCH_POINTS_PER_SECOND);
const startMs = Date.now() - 60_000;
/** Requests under way at once, as of many services. */
const SENDERS = 4;
let isOn = false;
let sending: Promise<number> = Promise.resolve(0);

process.on('message', async message => {
  isOn = message !== 'off';
  if (isOn) {
    sending = send(String(message));
  } else {
    process.send?.(await sending);
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function send(url: string): Promise<number> {
  const startedMs = performance.now();
  const sent = new Set<Promise<void>>();
  let taken = 0;

  async function post(): Promise<void> {
    const body = encode('MetricsRequest', createRequest({ startMs, nowMs: Date.now() }));
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`${url}/v1/metrics`, { method: 'POST', headers, body });
    const refused = await answer.text();
    if (answer.ok && refused === '') taken += POINTS_PER_REQUEST;
  }

  for (let dueMs = performance.now(); isOn; dueMs += everyMs) {
    await sleep(Math.max(0, dueMs - performance.now()));
    if (sent.size === SENDERS) await Promise.race(sent);
    const one: Promise<void> = post().finally(() => sent.delete(one));
    sent.add(one);
  }
  await Promise.all(sent);
  return (taken / (performance.now() - startedMs)) * 1000;
}
