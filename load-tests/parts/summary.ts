import type { Plan } from './budget.ts';
import { toJunit } from './junit.ts';
import { toMarkdown } from './markdown.ts';
import { type K6Data, readReport, type Slow } from './report.ts';
import { member } from './same.ts';
import type { Settings } from './settings.ts';
import { slowestMetric, unpackSlow } from './slowest.ts';
import { toText } from './text.ts';
import { traceOf } from './trace.ts';

/** The kinds of which the slowest is told, by the end of its gauge's name, with their titles. */
type Kinds = readonly (readonly [kind: string, title: string])[];

/** The files of a test's results, and what is said in the terminal: what `handleSummary` has to return. */
export function writeSummary(
  data: K6Data,
  { plan, kinds, settings }: { plan: Plan; kinds: Kinds; settings: Settings },
): Record<string, string> {
  const { test, service } = plan;
  const slowest = readSlowest(data, kinds);
  const report = readReport(data, { plan, target: settings.baseUrl, slowest });
  // These hold two numbers in one, and say nothing as they are.
  const metrics = Object.entries(data.metrics).filter(([name]) => !name.startsWith(slowestMetric('')));
  const burnline = { service, test, slowest, steps: report.steps };
  const start = `${settings.resultsDir}/${test}`;
  return {
    stdout: `${toText(report)}Results: ${start}.{json,xml,md}\n`,
    [`${start}.json`]: `${JSON.stringify({ ...data, metrics: Object.fromEntries(metrics), burnline }, undefined, 2)}\n`,
    [`${start}.xml`]: toJunit(report),
    [`${start}.md`]: toMarkdown(report, settings),
  };
}

/** The slowest of each kind, the slowest of all first. */
function readSlowest({ metrics, setup_data }: K6Data, kinds: Kinds): Slow[] {
  const run = String(member(setup_data, 'run'));
  const found = kinds.flatMap(([kind, request]) => {
    const packed = metrics[slowestMetric(kind)]?.values.max;
    if (packed === undefined) return [];
    const { durationMs, number } = unpackSlow(packed);
    return [{ request, durationMs, traceId: traceOf(run, number).traceId }];
  });
  return found.toSorted((a, b) => b.durationMs - a.durationMs);
}
