import { insist, watch } from './attempts.ts';
import { eventsOf, provesGoals } from './events.ts';
import type { Fact } from './facts.ts';
import { slosOf } from './gate.ts';
import { slos } from './monitoring.ts';
import { type Scene, type Stage, startScene, type Tested } from './scene.ts';

/** So many requests of users that a busy machine may be too slow for nine of them. */
const READS = 1000;

const isFine = ({ code }: Tested) => code === 0;

/** A platform that is well: its tests pass, and the gate lets go what has proven enough. Gives back the k6 file of such a test. */
export async function checkHealthy(stage: Stage, fact: Fact): Promise<string> {
  await using scene = await startScene(stage);
  const { test } = scene;
  const locked = await test('locked', 'smoke', { env: { DURATION: '1s', API_KEY: '' } });
  const isTold = locked.code !== 0 && locked.stderr.includes('was answered 401');
  fact('without its key a test ends at once, and says what it was answered', isTold, locked);

  const smoke = await insist(() => test('smoke', 'smoke', { env: { DURATION: '3s' } }), isFine);
  fact('smoke passes on a healthy platform', isFine(smoke), smoke);
  const isEnough = (tested: Tested) => isFine(tested) && provesGoals(tested);
  const load = await insist(tried => test('load', 'load', { env: loadOf(tried) }), isEnough);
  const { total } = eventsOf(load);
  fact(`load passes on a healthy platform, and ${total} requests prove its goals`, isEnough(load), load);
  fact('JUnit has no failure then', / tests="\d\d" failures="0" /.test(load.xml), load.xml);
  await scene.readAsUsers(READS);
  const ingest = await insist(() => test('ingest', 'ingest', { env: { RATE: '15', DURATION: '4s' } }), isFine);
  fact('every record that is published becomes readable as it was', isFine(ingest), ingest);
  const wrong = await testWhileOverwritten(scene);
  const isSeen = wrong.code === 99 && wrong.stdout.includes('a record is what was written: ');
  fact('answers that are fast, and wrong, end with 99', isSeen, wrong);
  const left = (await scene.ids()).filter(id => id.startsWith('load-test-'));
  fact('what the tests wrote is erased', left.length === 0, left);

  await checkGate(scene, { load, smoke, wrong }, fact);
  return load.file;
}

/** Somebody else writes what the test has written, so that it reads something else. */
function testWhileOverwritten({ test, isThere, overwrite }: Scene): Promise<Tested> {
  const ids = Array.from({ length: 41 }, (_, index) => `load-test-smoke-1-record-${String(index).padStart(4, '0')}`);
  return test('wrong', 'smoke', {
    env: { RATE: '20', DURATION: '3s' },
    async meanwhile() {
      await watch(() => isThere(ids.at(-1) ?? ''), Boolean);
      await overwrite(ids);
    },
  });
}

async function checkGate(
  { monitoring, readAsUsers, askGate }: Scene,
  { load, smoke, wrong }: { load: Tested; smoke: Tested; wrong: Tested },
  fact: Fact,
): Promise<void> {
  const sent = eventsOf(load).total;
  let read = READS;
  const { said, counted } = await insist(
    async tried => {
      if (tried > 1) await readAsUsers(READS);
      read = READS * tried;
      const counted = await watch(
        monitoring.eventsOfAll,
        ({ availability, latency, outside }) => availability >= sent + read && latency >= read && outside > 0,
      );
      return { counted, said: await askGate(load.file) };
    },
    ({ said }) => said.code === 0,
  );
  const { availability, latency } = counted;
  const isKept = availability >= sent + read && latency >= read && latency + sent <= availability;
  fact(
    `the requests of k6 count for availability (${availability}), and not for latency (${latency})`,
    isKept,
    counted,
  );
  fact('of enough good requests the gate says go, and ends with 0', said.code === 0, said);
  const judged = slosOf(said, 'budget', 'go');
  fact('it has judged the budget of each SLO', `${judged}` === `${slos}`, said);

  const [refused, undecided] = await Promise.all([askGate(wrong.file), askGate(smoke.file)]);
  const isByK6 = slosOf(refused, 'k6', 'stop').length > 0 && slosOf(refused, 'budget', 'stop').length === 0;
  fact('of answers that were wrong it says stop, for k6 alone, and ends with 2', refused.code === 2 && isByK6, refused);
  fact('of too few requests it says not enough, and ends with 3', undecided.code === 3, undecided);
}

/** The same number of requests, in more time each time. */
function loadOf(tried: number): { RATE: string; DURATION: string } {
  return { RATE: String(120 / tried), DURATION: `${25.5 * tried}s` };
}
