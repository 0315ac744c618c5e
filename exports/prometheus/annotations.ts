import type { ServiceEntry } from '../../slo/catalogue.ts';

/** An alert's name from ids: `records-api` and `dead-letters` are `RecordsApiDeadLetters`. */
export function alertName(...ids: string[]): string {
  const words = ids.flatMap(id => id.split(/[^A-Za-z0-9]+/));
  return words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** What an alert tells: its braces would otherwise be a template. A runbook that is no address is a file under `alerts/`. */
export function annotationsOf(
  { owner }: ServiceEntry,
  { summary, lines, runbook }: { summary: string; lines: readonly string[]; runbook: string | undefined },
): Record<string, string> {
  const isUrl = runbook?.startsWith('https://') ?? false;
  const where = runbook === undefined || isUrl ? [] : [`Runbook: alerts/${runbook}`];
  return {
    summary: escapeTemplate(summary),
    description: escapeTemplate([...lines, `Owner: ${owner}`, ...where].join('\n')),
    ...(isUrl && runbook !== undefined && { runbook_url: runbook }),
  };
}

function escapeTemplate(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}
