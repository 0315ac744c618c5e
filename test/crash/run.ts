// Kills the platform again and again under load, then holds what it had accepted against what it still has.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createTarget, type Target } from './child.ts';
import { settle } from './ledger.ts';
import { type Load, startLoad } from './load.ts';
import { readDeadLetters, readEvents, readRecords, waitUntilDrained } from './read.ts';

const usage = `Usage: npm run test:crash -- [--kills 20] [--messages 50000] [--fault-seconds 60] [--seed 1]

Example, the short run of CI: npm run test:crash -- --kills 3 --messages 5000 --fault-seconds 5
`;
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    messages: { type: 'string', default: '50000' },
    'fault-seconds': { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const [kills, messages, faultSeconds, seed] = [values.kills, values.messages, values['fault-seconds'], values.seed].map(
  Number,
);
if (![kills, messages, faultSeconds, seed].every(Number.isFinite)) {
  process.stderr.write(usage);
  process.exit(1);
}
const POISON_SHARE = 0.05;
const DRAIN_MS_MAX = 180_000;
const UNANSWERED_APPENDS_MIN = 1;
const UNANSWERED_MS_MAX = 30_000;
/** About 2,000 messages a second, so that a minute of outage is drained in one. */
const OUTAGE_REST_MS = 80;

const say = (text: string) => process.stderr.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'burnline-crash-'));
const target = await createTarget(folder);
await target.start();
const load = startLoad({ target, seed: seed as number, poisonShare: POISON_SHARE });

await killUnderLoad(target, load, { kills: kills as number, messages: messages as number });
await failUnderLoad(target, load, (faultSeconds as number) * 1000);
await load.end();
say('The load has ended; draining.');
await waitUntilDrained(join(folder, 'topic.sqlite'), DRAIN_MS_MAX);
const readable = await readRecords(target);
const deadLettered = await readDeadLetters(target);
await target.stop();
const events = readEvents(join(folder, 'warehouse.sqlite'));
const outcome = settle({ accepted: load.accepted, readable, events: events.names, deadLettered });

const { lost, duplicated, stale } = outcome;
process.stdout.write(`
kills                          ${kills}
accepted messages              ${outcome.accepted}
requests without an answer     ${load.unanswered.requests}
batches without an answer      ${target.unanswered()}
readable records               ${outcome.readable}
dead-lettered messages         ${outcome.deadLettered}
event rows that were repeated  ${events.repeated}
lost                           ${lost.length}
duplicated at a reader         ${duplicated.length}
older than accepted            ${stale.length}
`);
const broken = [...lost, ...duplicated, ...stale];
const tried = outcome.deadLettered > 0 && outcome.readable > 0 && target.unanswered() >= UNANSWERED_APPENDS_MIN;
if (broken.length === 0 && tried) {
  rmSync(folder, { recursive: true });
} else {
  say(`Not as it should be, for example: ${broken.slice(0, 5).join(', ')}. The data folder is kept: ${folder}`);
  process.exitCode = 1;
}

/** Kills at random moments, spread over the messages. */
async function killUnderLoad(target: Target, load: Load, plan: { kills: number; messages: number }): Promise<void> {
  for (let kill = 1; kill <= plan.kills; kill += 1) {
    const due = (plan.messages * (kill - Math.random())) / plan.kills;
    while (load.accepted.length < due) await sleep(Math.random() * 10);
    await target.kill();
    say(`kill ${kill} of ${plan.kills} at ${load.accepted.length} accepted messages`);
    await target.start();
  }
  while (load.accepted.length < plan.messages) await sleep(10);
}

/** The warehouse answers errors for a while, then commits without ever answering. */
async function failUnderLoad(target: Target, load: Load, errorsMs: number): Promise<void> {
  const before = load.accepted.length;
  load.pace(OUTAGE_REST_MS);
  target.fail('append_errors');
  say(`The warehouse answers errors for ${errorsMs / 1000} s.`);
  await sleep(errorsMs);
  target.fail('append_unanswered');
  say('Commits happen, and their answers never arrive.');
  const until = Date.now() + UNANSWERED_MS_MAX;
  while (target.unanswered() < UNANSWERED_APPENDS_MIN && Date.now() < until) await sleep(10);
  target.fail('none');
  say(`${load.accepted.length - before} messages were accepted meanwhile.`);
}
