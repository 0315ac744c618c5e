// Runs the load tests with k6 against whole local platforms, one that is well and others with a failure flag on, and asks the gate.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { checkBlind } from './blind.ts';
import { createFacts } from './facts.ts';
import { checkHealthy } from './healthy.ts';
import { findK6, run } from './k6.ts';
import { scripts } from './scene.ts';
import { checkFailing, checkSlow } from './unwell.ts';

const started = performance.now();
const { fact, counts } = createFacts();

try {
  const k6 = findK6();
  const folder = mkdtempSync(join(tmpdir(), 'burnline-load-'));
  try {
    await inspectScripts(k6);
    const stage = { k6, folder };
    // Alone, for it is there to be fast. The others wait most of their time, and are good for one burnt budget each.
    const goodFile = await checkHealthy(stage, fact);
    const checks = [checkSlow(stage, fact), checkFailing(stage, fact), checkBlind(stage, fact, goodFile)];
    for (const check of await Promise.allSettled(checks)) if (check.status === 'rejected') fail(check.reason);
  } finally {
    rmSync(folder, { recursive: true });
  }
} catch (error) {
  fail(error);
}
process.stderr.write(`It took ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function inspectScripts(k6: string): Promise<void> {
  const names = readdirSync(scripts).filter(name => name.endsWith('.ts') && name !== 'thresholds.ts');
  const inspected = await Promise.all(names.map(name => run(k6, ['inspect', join(scripts, name)])));
  for (const [index, ended] of inspected.entries()) fact(`k6 inspect takes ${names[index]}`, ended.code === 0, ended);
}

/** What ended a check before it was through has failed. */
function fail(error: unknown): void {
  process.stderr.write(`test:load: ${messageOf(error)}\n`);
  counts.failed += 1;
}
