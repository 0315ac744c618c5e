import { describeSeconds, describeShare, toDigits } from '../../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import { burnRate, detectionSeconds, eventsMin, exhaustionSeconds, resetSeconds } from '../../slo/maths.ts';
import { delaySecondsOf } from '../../slo/sli.ts';
import type { Tier } from '../../slo/tiers.ts';
import { code, list, page, table } from './markdown.ts';

const TIER_RATIOS = [1, 0.1, 0.02] as const;
const NOTICE_RATIOS = [1, 0.5, 0.1, 0.05, 0.02, 0.01] as const;
const TIER_COLUMNS = [
  ...['Tier', 'Calls for', 'Windows', 'Burn rate above', 'Share of the budget'],
  ...['Total outage noticed after', '10 % bad', '2 % bad', 'Closes after'],
];
const NOTICE_COLUMNS = ['Bad events', 'First page after', 'First ticket after', 'A whole budget lasts'];

/** The tiers of an SLO as a table: whom each calls, and when it notices what. */
export function tierTable(objective: ObjectiveEntry): string {
  const { goal, tiers } = objective;
  const detection = detectionOf(objective);
  const rows = tiers.map(tier => {
    const { name, severity, longSeconds, shortSeconds, threshold, share } = tier;
    const closes = resetSeconds({ errorRatio: 1, goal, threshold, shortSeconds });
    return [
      ...[code(name), severity, `${describeSeconds(longSeconds)} and ${describeSeconds(shortSeconds)}`],
      ...[`${toDigits(threshold, 4)}`, describeShare(share)],
      ...TIER_RATIOS.map(errorRatio => detection([tier], errorRatio)),
      closes === undefined ? 'never' : describeSeconds(closes),
    ];
  });
  return rows.length === 0 ? 'No alert watches its budget.' : table(TIER_COLUMNS, rows);
}

/** The tiers of an SLO together, as a table: how bad it is against how soon somebody is called, and how long the budget lasts. */
export function noticeTable(objective: ObjectiveEntry): string {
  const { goal, period, tiers, sli, onePage } = objective;
  if (tiers.length === 0) return '';
  const detection = detectionOf(objective);
  const pages = tiers.filter(({ severity }) => severity === 'page');
  const tickets = tiers.filter(({ severity }) => severity === 'ticket');
  const rows = NOTICE_RATIOS.map(errorRatio => {
    const burn = burnRate({ errorRatio, goal });
    return [
      ...[describeShare(errorRatio), detection(pages, errorRatio), detection(tickets, errorRatio)],
      burn > 1 ? describeSeconds(exhaustionSeconds({ burn, periodSeconds: period.seconds })) : 'the period',
    ];
  });
  const notes = [
    ...(onePage ? ['Both page tiers are one page.'] : []),
    ...(sli.form === 'windows'
      ? [
          `A window counts once it is over, after ${describeSeconds(sli.windowSeconds)}: the times in brackets hold that too.`,
        ]
      : []),
  ];
  return page([table(NOTICE_COLUMNS, rows), notes.join(' ')]).trimEnd();
}

/** When the first of some tiers notices an error ratio: by the formula, and in brackets with the delays of Google's data. */
function detectionOf({ goal, sli }: ObjectiveEntry): (tiers: readonly Tier[], errorRatio: number) => string {
  const delaySeconds = delaySecondsOf(sli);
  return (tiers, errorRatio) => {
    const found = tiers.flatMap(({ threshold, longSeconds }) => {
      return detectionSeconds({ errorRatio, goal, threshold, longSeconds }) ?? [];
    });
    if (found.length === 0) return 'never';
    const seconds = Math.min(...found);
    const onGoogle = delaySeconds === 0 ? '' : ` (${describeSeconds(seconds + delaySeconds)})`;
    return `${describeSeconds(seconds)}${onGoogle}`;
  };
}

/** How few events make one failure alone fire a tier, against those that there are in the quietest hour. */
export function trafficNote({ traffic }: ServiceEntry, { sli, goal, tiers, badEventsAbove }: ObjectiveEntry): string {
  if (tiers.length === 0) return '';
  if (badEventsAbove !== undefined) {
    return `**Low traffic.** An alert needs more than ${badEventsAbove} bad events in its long window besides.`;
  }
  const needed = tiers.map(tier => `${eventsMin({ threshold: tier.threshold, goal })} (${code(tier.name)})`);
  const rule = `**Low traffic.** One failure alone fires a tier whose long window holds fewer events than ${list(needed)}.`;
  const perHour = sli.form === 'windows' ? 3600 / sli.windowSeconds : traffic?.quietestHour;
  if (perHour === undefined) return `${rule} How many the quietest hour has is not said.`;
  const tooFew = tiers.filter(
    tier => (perHour * tier.longSeconds) / 3600 < eventsMin({ threshold: tier.threshold, goal }),
  );
  const hour = sli.form === 'windows' ? `An hour has ${perHour} windows` : `The quietest hour has ${perHour}`;
  const verdict = tooFew.length === 0 ? 'enough' : `too few for ${list(tooFew.map(({ name }) => code(name)))}`;
  return `${rule} ${hour}: ${verdict}.`;
}
