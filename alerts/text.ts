import { describeSeconds, describeShare, tidy } from '../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../slo/catalogue.ts';
import type { CauseAlert } from '../slo/causes.ts';
import { detectionSeconds, exhaustionSeconds, firingRatio } from '../slo/maths.ts';
import { describePeriod } from '../slo/period.ts';
import type { AlertPolicy } from '../slo/resources/alerting.ts';
import { delaySecondsOf } from '../slo/sli.ts';
import type { Tier } from '../slo/tiers.ts';

type Documentation = AlertPolicy['documentation'];

/** What whoever is called reads first: what is being lost and how fast, why it matters, and where to go. */
export function burnDocumentation(
  service: ServiceEntry,
  objective: ObjectiveEntry,
  tiers: readonly Tier[],
): Documentation {
  const { goal, period, title } = objective;
  const [fastest] = tiers;
  const lost = tiers.map(({ share, longSeconds }) => `${describeShare(share)} in ${describeSeconds(longSeconds)}`);
  const promise = `${title} (${describeShare(goal)} over ${describePeriod(period)})`;
  const lines = tiers.map(tier => describeTier(tier, objective));
  return {
    subject: `${service.title}: ${title} loses ${lost.join(' or ')} of its error budget`,
    content: [
      `**${service.title}** is spending the error budget of **${promise}** too fast: ${lost.join(', or ')}.`,
      lines.join('\n'),
      ...(fastest ? [noticed(objective, fastest)] : []),
      `**Why it is promised.** ${objective.why}`,
      whereToGo(service, objective.runbook),
    ].join('\n\n'),
    mimeType: 'text/markdown',
    ...linksOf(service, objective.runbook),
  };
}

function describeTier(
  { threshold, longSeconds, shortSeconds }: Tier,
  { goal, period, badEventsAbove }: ObjectiveEntry,
): string {
  const ratio = describeShare(firingRatio({ threshold, goal }));
  const left = describeSeconds(exhaustionSeconds({ burn: threshold, periodSeconds: period.seconds }));
  const windows = `${describeSeconds(longSeconds)} and over the last ${describeSeconds(shortSeconds)}`;
  const least = badEventsAbove === undefined ? '' : `, and they were more than ${badEventsAbove}`;
  return `- More than ${ratio} of the events were bad over ${windows}${least}: a burn rate above ${tidy(threshold)}. At that rate a whole budget is gone in ${left}.`;
}

/** When a total outage is noticed: by the formula, and with the delays of Google's data. */
function noticed({ goal, sli }: ObjectiveEntry, { threshold, longSeconds, shortSeconds }: Tier): string {
  const seconds = detectionSeconds({ errorRatio: 1, goal, threshold, longSeconds });
  if (seconds === undefined) return 'Even a total outage does not reach this.';
  const onGoogle = delaySecondsOf(sli);
  const expect =
    onGoogle > 0 ? `, and at most ${describeSeconds(seconds + onGoogle)} with the delays of Google's data` : '';
  return `A total outage reaches this after ${describeSeconds(seconds)}${expect}. It closes by itself within ${describeSeconds(shortSeconds)} of good events, or 30 min after the data ends.`;
}

/** The same for an alert on a cause. */
export function causeDocumentation(service: ServiceEntry, cause: CauseAlert, fires: string): Documentation {
  return {
    subject: `${service.title}: ${cause.title}`,
    content: [
      `**${service.title}: ${cause.title}.** It fires when ${fires}.`,
      `**Why it is watched.** ${cause.why}`,
      whereToGo(service, service.runbook),
    ].join('\n\n'),
    mimeType: 'text/markdown',
    ...linksOf(service, service.runbook),
  };
}

const isUrl = (text: string) => text.startsWith('https://');

function whereToGo({ owner }: ServiceEntry, runbook: string | undefined): string {
  const steps = runbook === undefined ? '' : `**Runbook**: ${isUrl(runbook) ? runbook : `\`alerts/${runbook}\``}. `;
  return `${steps}**Owner**: ${owner}.`;
}

/** At most three, the runbook first. */
function linksOf({ links }: ServiceEntry, runbook: string | undefined): Pick<Documentation, 'links'> {
  const named = Object.entries(links).map(([displayName, url]) => ({ displayName, url }));
  const all = runbook !== undefined && isUrl(runbook) ? [{ displayName: 'Runbook', url: runbook }, ...named] : named;
  return all.length > 0 ? { links: all.slice(0, 3) } : {};
}
