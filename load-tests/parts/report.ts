import { badAllowed, type Plan } from './budget.ts';
import type { Step } from './shapes.ts';

/** What k6 hands to `handleSummary`, as far as it is read here. */
export type K6Data = {
  metrics: Readonly<Record<string, Metric>>;
  root_group: { checks: readonly Check[] };
  state: { testRunDurationMs: number };
  setup_data?: unknown;
};
type Metric = {
  values: Readonly<Record<string, number>>;
  thresholds?: Readonly<Record<string, { ok: boolean }>>;
};
type Check = { name: string; passes: number; fails: number };

/** Events of a goal, of which so many were planned, and so many may be bad. */
export type Count = { metric: string; goal: number; good: number; total: number; planned: number; allowed: number };
export type StepReport = Step & { counts: Count[]; medianMs: number; p95Ms: number; maxMs: number; isBroken: boolean };
export type Slow = { request: string; durationMs: number; traceId: string };

/** What a test has shown. */
export type Report = {
  test: string;
  service: string;
  target: string;
  seconds: number;
  counts: Count[];
  /** Whether its load was sent, which thresholds do not say: k6 holds one to be kept where nothing was counted. */
  isSent: boolean;
  thresholds: { metric: string; threshold: string; isKept: boolean }[];
  checks: readonly Check[];
  steps: StepReport[];
  /** One of each kind of request. */
  slowest: readonly Slow[];
};

/** Of a short test the first or the last iteration is missing more often than not. */
const SENT_SHARE = 0.9;

/** Reads k6's own account of a test. */
export function readReport(
  { metrics, root_group, state }: K6Data,
  { plan, ...about }: Pick<Report, 'target' | 'slowest'> & { plan: Plan },
): Report {
  const thresholds = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([threshold, { ok }]) => ({ metric, threshold, isKept: ok })),
  );
  const countsOf = (tag: string, plannedOf: (events: readonly number[]) => number) =>
    plan.goals.map(({ goal: { metric, goal, ...rest }, events }): Count => {
      const { passes: good = 0, fails = 0 } = metrics[`${metric}${tag}`]?.values ?? {};
      const planned = plannedOf(events);
      const allowed = badAllowed({ metric, goal, ...rest }, planned);
      return { metric, goal, good, total: good + fails, planned, allowed };
    });
  const toStep = (step: Step, index: number): StepReport => {
    const tag = `{step:${index}}`;
    const { med: medianMs = 0, 'p(95)': p95Ms = 0, max: maxMs = 0 } = metrics[`${plan.trend}${tag}`]?.values ?? {};
    const isBroken = thresholds.some(({ metric, isKept }) => !isKept && metric.endsWith(tag));
    return { ...step, counts: countsOf(tag, events => events[index] ?? 0), medianMs, p95Ms, maxMs, isBroken };
  };
  const counts = countsOf('', events => events.reduce((sum, each) => sum + each, 0));
  return {
    ...about,
    test: plan.test,
    service: plan.service,
    seconds: state.testRunDurationMs / 1000,
    counts,
    isSent: counts.every(({ total, planned }) => total > 0 && total >= SENT_SHARE * planned - 2 * plan.eventsEach),
    thresholds: thresholds.toSorted((a, b) => (a.metric < b.metric ? -1 : 1)),
    checks: root_group.checks,
    steps: plan.steps.map(toStep),
  };
}

/** The steps in which something was counted: a test may end before its last. */
export function reachedSteps({ steps }: Report): StepReport[] {
  return steps.filter(({ counts }) => counts.some(({ total }) => total > 0));
}

/** The last step that held and the first that did not; where load was dropped, that is the one under way at the end. */
export function breakingPoint(report: Report): { held?: StepReport; broke?: StepReport } {
  const reached = reachedSteps(report);
  const isDropped = report.thresholds.some(({ metric, isKept }) => metric === 'dropped_iterations' && !isKept);
  const broken = reached.findIndex(({ isBroken }) => isBroken);
  const index = broken >= 0 ? broken : isDropped ? reached.length - 1 : reached.length;
  const [held, broke] = [reached[index - 1], reached[index]];
  return { ...(held && { held }), ...(broke && { broke }) };
}

/** Whether the test has shown what it is there to show. */
export function isHeld({ thresholds, isSent }: Report): boolean {
  return isSent && thresholds.every(({ isKept }) => isKept);
}
