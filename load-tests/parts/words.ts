import { breakingPoint, type Count, type Report, type StepReport } from './report.ts';

/** A number with commas between its thousands, and at most so many decimals. */
export function figure(value: number, decimals = 0): string {
  const [whole = '', fraction] = String(Number(value.toFixed(decimals))).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** The share of good events, 100 % only where none is bad. */
export function share({ good, total }: Pick<Count, 'good' | 'total'>): string {
  if (total === 0) return 'none counted';
  return `${good === total ? 100 : Math.min(99.999, Number(((100 * good) / total).toFixed(3)))} %`;
}

/** A goal as people write it: `99.9 %`. */
export function promise({ goal }: Pick<Count, 'goal'>): string {
  return `${Number((goal * 100).toPrecision(12))} %`;
}

/** The load of a step: `150/s`. */
export function rate({ perSecond }: Pick<StepReport, 'perSecond'>): string {
  return `${figure(perSecond, 2)}/s`;
}

/** How a test ended, in one sentence. */
export function outcome({ test, target, thresholds, isSent, counts: [first], seconds }: Report): string {
  const crossed = thresholds.filter(({ isKept }) => !isKept).length;
  const unproven = isSent ? 'every threshold held' : 'its load was not sent, so it shows nothing';
  const ended = crossed === 0 ? unproven : `${crossed} of ${thresholds.length} thresholds were crossed`;
  const sent = `${figure(first?.total ?? 0)} of ${figure(first?.planned ?? 0)} planned events`;
  return `${test} against ${target}: ${ended}, with ${sent} in ${figure(seconds, 1)} s`;
}

/** Where the load became too much, in one sentence; nothing for a test of one step. */
export function describeBreak(report: Report): string {
  if (report.steps.length === 1) return '';
  const { held, broke } = breakingPoint(report);
  const fastest = Math.max(...report.steps.map(({ perSecond }) => perSecond));
  if (!broke && held === report.steps.at(-1)) return `Every step held, up to ${rate({ perSecond: fastest })}.`;
  const heldAt = held ? `Held ${rate(held)}` : 'No step held';
  if (!broke) return `${heldAt}; the next was not reached.`;
  const missed = broke.counts
    .filter(({ good, total, goal }) => good < total * goal)
    .map(count => `${count.metric} ${share(count)} where ${promise(count)} is promised`);
  const place = `step ${report.steps.indexOf(broke) + 1} of ${report.steps.length}`;
  return `${heldAt}; broke at ${rate(broke)} (${place}): ${missed.join(', ') || 'not all of the load could be sent'}.`;
}
