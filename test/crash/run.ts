// Kills the platform again and again under load, then holds what it had accepted against what it still has.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Books, settle } from './ledger.ts';
import { type Load, startLoad } from './load.ts';
import type { Scene, SceneOptions } from './scene.ts';

const usage = `Usage: npm run test:crash -- [--stores embedded|emulators] [--kills 20] [--messages 50000] [--fault-seconds 60] [--seed 1]

Example, the short run of CI: npm run test:crash -- --kills 3 --messages 5000 --fault-seconds 5
The same on the emulators of Pub/Sub and BigQuery: npm run test:crash -- --stores emulators --kills 3 --messages 5000 --fault-seconds 5
`;
/** Each is imported only where it is asked for: the embedded one needs none of Google's clients. */
const scenes = new Map<string, (options: SceneOptions) => Promise<Scene>>([
  ['embedded', async options => (await import('./embedded.ts')).createEmbedded(options)],
  ['emulators', async options => (await import('./emulated.ts')).createEmulated(options)],
]);
const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: 'embedded' },
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
const [kills = 0, messages = 0, faultSeconds = 0, seed = 0] = [
  ...[values.kills, values.messages, values['fault-seconds'], values.seed].map(Number),
];
const createScene = scenes.get(values.stores);
if (!createScene || ![kills, messages, faultSeconds, seed].every(Number.isFinite)) {
  process.stderr.write(usage);
  process.exit(1);
}
const POISON_SHARE = 0.05;
const LABEL_CHARS = 31;

const say = (text: string) => process.stderr.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'burnline-crash-'));
const scene = await createScene({ folder, say, outageMs: faultSeconds * 1000 });
try {
  await run(scene);
} finally {
  await scene.close();
}

async function run(scene: Scene): Promise<void> {
  await scene.start();
  const load = startLoad({ target: scene.target, seed, poisonShare: POISON_SHARE });
  load.pace(scene.restMs.kills);
  await killUnderLoad(scene, load);
  const before = load.accepted.length;
  load.pace(scene.restMs.faults);
  await scene.fail();
  say(`${load.accepted.length - before} messages were accepted meanwhile.`);
  await load.end();
  say('The load has ended; draining.');
  const books = await scene.drain(load.accepted);
  report(scene, load, books);
}

/** Kills at random moments, spread over the messages. */
async function killUnderLoad(scene: Scene, load: Load): Promise<void> {
  for (let kill = 1; kill <= kills; kill += 1) {
    const due = (messages * (kill - Math.random())) / kills;
    while (load.accepted.length < due) await sleep(Math.random() * 10);
    const what = await scene.kill();
    say(`kill ${kill} of ${kills}${what} at ${load.accepted.length} accepted messages`);
    await scene.start();
  }
  while (load.accepted.length < messages) await sleep(10);
}

/** Says how it ended, on stdout; where it is not as it should be, the exit code is 1 and the folder stays. */
function report(scene: Scene, load: Load, books: Books): void {
  const rowsRefused = scene.rowsRefused();
  const outcome = settle({ ...books, accepted: load.accepted, rowsRefused });
  const { lost, duplicated, stale } = outcome;
  const lines = {
    kills,
    'accepted messages': outcome.accepted,
    'requests without an answer': load.unanswered.requests,
    ...scene.met(),
    'readable records': outcome.readable,
    'dead-lettered messages': outcome.deadLettered,
    ...(rowsRefused > 0 && { 'good messages dead-lettered': outcome.goodDeadLettered }),
    'event rows that were repeated': books.repeated,
    lost: lost.length,
    'duplicated at a reader': duplicated.length,
    'older than accepted': stale.length,
  };
  const table = Object.entries(lines).map(([label, count]) => `${label.padEnd(LABEL_CHARS)}${count}\n`);
  process.stdout.write(`\n${table.join('')}`);
  const broken = [...lost, ...duplicated, ...stale].slice(0, 5);
  const isTried = outcome.deadLettered > 0 && outcome.readable > 0;
  if (broken.length + scene.problems().length === 0 && isTried) {
    rmSync(folder, { recursive: true });
    return;
  }
  const said = [...scene.problems(), ...broken].join(', ');
  say(`Not as it should be, for example: ${said}. The data folder is kept: ${folder}`);
  process.exitCode = 1;
}
