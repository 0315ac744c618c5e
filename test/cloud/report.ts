import type { Fact } from './fact.ts';
import { beyondScript } from './facts/beyond.ts';
import type { Result } from './settle.ts';

/** What a run has found, and what it could not remove. */
export type Report = {
  project: string;
  location: string;
  at: string;
  results: readonly Result[];
  left: readonly string[];
};

/** 1 where something could not be removed, 2 where something is otherwise, 3 where something is not settled, or else 0. */
export function exitCodeOf({ results, left }: Pick<Report, 'results' | 'left'>): 0 | 1 | 2 | 3 {
  if (left.length > 0) return 1;
  const has = (answer: Result['answer']) => results.some(result => result.answer === answer);
  return has('otherwise') ? 2 : has('not settled') ? 3 : 0;
}

export function toJson({ results, ...report }: Report): object {
  const settled = results.map(({ fact: { id, question, believed, setting }, ...outcome }) => ({
    ...{ id, question, believed, ...outcome },
    ...(outcome.answer === 'otherwise' && { setting }),
  }));
  return { ...report, facts: settled };
}

export function toText({ project, location, results, left }: Report): string {
  const rows = results.flatMap(({ fact, answer, observed }) => [
    [fact.id, answer, observed.replaceAll(/\s+/g, ' ')],
    ...(answer === 'otherwise' ? [['', 'change', fact.setting]] : []),
  ]);
  const count = (answer: Result['answer']) => results.filter(result => result.answer === answer).length;
  const sum = `${project}, ${location}: ${count('as believed')} as believed, ${count('otherwise')} otherwise, ${count('not settled')} not settled`;
  const beyond = `${beyondScript.length} more no script can settle: docs/unverified.md`;
  return [toTable(rows), '', sum, beyond, ...left.map(what => `Not removed: ${what}`)].join('\n');
}

export function toList(facts: readonly Fact[]): string {
  return toTable(facts.map(({ id, question }) => [id, question]));
}

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
