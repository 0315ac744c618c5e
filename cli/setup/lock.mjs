import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 250;
const BEAT_MS = 1_000;
// A holder that was killed stops touching the lock file.
const DEAD_MS = 8_000;

/**
 * Takes a lock file, waiting for the process that holds it, as `npm start` and `npm test` in two shells do.
 *
 * @param {string} lockFile its folder is made where it is missing
 * @param {() => void} onWait called once, where there is something to wait for
 * @returns {Promise<() => void>} gives the lock back
 */
export async function takeLock(lockFile, onWait) {
  mkdirSync(dirname(lockFile), { recursive: true });
  for (let waits = 0; ; waits += 1) {
    try {
      writeFileSync(lockFile, '', { flag: 'wx' });
      const beat = setInterval(() => touch(lockFile), BEAT_MS);
      return () => {
        clearInterval(beat);
        rmSync(lockFile, { force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    // By its age and not by a process id: those are given again, also to what a restarted container runs.
    const touchedMs = statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - touchedMs > DEAD_MS) rmSync(lockFile, { force: true });
    else {
      if (waits === 0) onWait();
      await sleep(POLL_MS);
    }
  }
}

function touch(lockFile) {
  const now = new Date();
  if (existsSync(lockFile)) utimesSync(lockFile, now, now);
}
