import type { Ended } from './k6.ts';

/** States facts, so or not so, and counts them. With what is not so, its evidence is shown. */
export function createFacts() {
  const counts = { passed: 0, failed: 0 };
  function fact(title: string, isSo: boolean, ...evidence: unknown[]): void {
    if (isSo) counts.passed += 1;
    else counts.failed += 1;
    process.stdout.write(`${isSo ? 'ok' : 'not so'}: ${title}\n`);
    if (!isSo) for (const seen of evidence) process.stdout.write(`  ${describe(seen)}\n`);
  }
  return { fact, counts };
}

export type Fact = ReturnType<typeof createFacts>['fact'];

function describe(seen: unknown): string {
  if (typeof seen === 'string') return seen;
  if (!isEnded(seen)) return JSON.stringify(seen);
  return `exit code ${seen.code}\n${seen.stdout}${seen.stderr}`;
}

function isEnded(seen: unknown): seen is Ended {
  return typeof seen === 'object' && seen !== null && 'stdout' in seen;
}
