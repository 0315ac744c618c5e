/** GitHub takes 65,536 characters; what surrounds the text needs a few. */
export const CHARACTERS_MAX = 60_000;

/** A text that may not be ours as a block of code, which nothing in it can end. */
export function codeBlock(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map(run => run.length + 1)));
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}

/** The text, or as many of its lines as fit, and where the rest is. */
export function cut(text: string, { rest }: { rest: string }): { text: string; note: string } {
  if (text.length <= CHARACTERS_MAX) return { text, note: '' };
  const end = text.lastIndexOf('\n', CHARACTERS_MAX);
  const kept = text.slice(0, end > 0 ? end : CHARACTERS_MAX);
  return {
    text: kept,
    note: `\n\nCut after ${kept.length} of ${text.length} characters: [the run](${rest}) has it whole.`,
  };
}

/** What Terraform says a plan comes to, `Plan: 1 to add, 0 to change, 2 to destroy.`, where it says so. */
export function headlineOf(plan: string): string | undefined {
  return /^(?:Plan: \d+ to [a-z0-9, ]+\.|No changes\.)/m.exec(plan)?.[0];
}
