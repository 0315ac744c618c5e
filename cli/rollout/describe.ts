import { describeShare } from '../../base/durations.ts';
import { FALSE_ALARMS_MAX, type Look, POWER } from '../../slo/rollout/judge.ts';
import type { Outcome, Plan } from '../../slo/rollout/rollout.ts';
import type { Count } from '../../slo/statistics/two-sample.ts';
import type { Guarded } from './plan.ts';

/** What is told of a rollout, as JSON has it. */
export type Report = Outcome & Plan & Pick<Guarded, 'name' | 'location' | 'slo'> & { service: string; project: string };

/** What happened, in one sentence. */
export function describeOutcome(report: Report): string {
  const { decision, revision, oldRevision, look, trouble, traffic, name, project, location } = report;
  if (decision === 'broken' || look === undefined) {
    const remedy = `gcloud run services update-traffic ${name} --project ${project} --region ${location} --to-revisions ${oldRevision}=100`;
    const where = traffic === 'old' ? `${oldRevision} has all the traffic, as before` : `SEE TO THE TRAFFIC: ${remedy}`;
    return `${revision} was not rolled out: ${trouble}. ${where}`;
  }
  const [fresh, old] = [describeFailed(look.new), describeFailed(look.old)];
  const comparison = `${fresh} failed, against ${old} of ${oldRevision}`;
  if (decision === 'promoted') return `${revision} was promoted: ${comparison}`;
  if (decision === 'worse') return `${revision} was rolled back, for it is worse: ${comparison}`;
  const lack =
    look.enough === undefined
      ? `${old} of ${oldRevision} failed, and against that no number of requests is enough`
      : `it had ${number(look.new.total)} requests, and ${number(look.enough)} would be enough`;
  return `${revision} was rolled back, for too little is known: ${lack}`;
}

/** A look, as it is said while the rollout is under way. */
export function describeLook({ new: fresh, old, number: at, looks, enough }: Look): string {
  const wanted =
    enough === undefined
      ? 'no number of requests would do yet'
      : `${number(Math.max(0, enough - fresh.total))} more requests wanted`;
  return `look ${at} of ${looks}: ${describeFailed(fresh)} failed, against ${describeFailed(old)}; ${wanted}`;
}

/** For a terminal. */
export function describeText(report: Report): string {
  return [describeOutcome(report), ...describeFacts(report).map(line => `  ${line}`)].join('\n');
}

/** For the summary of a job. */
export function describeMarkdown(report: Report): string {
  const alert = report.decision === 'promoted' ? 'NOTE' : 'CAUTION';
  const facts = describeFacts(report).map(line => `\n- ${line}`);
  return `### Burnline rollout: ${report.service}\n\n> [!${alert}]\n> ${describeOutcome(report)}.\n${facts.join('')}`;
}

function describeFacts({ slo, alarmingShare, look, decision }: Report): string[] {
  if (look === undefined) return [];
  const [pValue, level] = [look.pValue, look.level].map(chance => Number(chance.toPrecision(3)));
  const place = `look ${look.number} of ${look.looks}, ${describeShare(FALSE_ALARMS_MAX)} over all`;
  const pages = `${describeShare(alarmingShare)} of failures page (${slo.id} ${describeShare(slo.goal)}, burn ${slo.threshold})`;
  const count = look.enough === undefined ? 'no number of' : number(look.enough);
  return [
    `Fisher's exact test: p = ${pValue}, worse at ${level} or less; ${place}`,
    ...(decision === 'worse'
      ? []
      : [`${pages}: ${count} requests are enough to find so many with ${describeShare(POWER)} certainty`]),
  ];
}

/** `3 of 4,610 requests (0.06508 %)` */
function describeFailed({ total, bad }: Count): string {
  return `${number(bad)} of ${number(total)} requests${total === 0 ? '' : ` (${describeShare(bad / total)})`}`;
}

const number = (count: number) => count.toLocaleString('en-US');
