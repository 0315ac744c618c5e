import { describeShare } from '../../base/durations.ts';
import { messageOf } from '../../base/errors.ts';
import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import { gateErrors } from '../errors.ts';
import { errorBudget } from '../maths.ts';
import { CONFIDENCE, eventsToProve, goodShareBounds } from '../statistics/binomial.ts';
import { type K6Results, parseK6 } from './k6-file.ts';
import type { Reason } from './reason.ts';
import { describeBound, describeCount } from './words.ts';

/** What a k6 result file says of a service: each SLO that it counts, and every threshold that failed. */
export function judgeK6(service: ServiceEntry, { path, text }: { path: string; text: string }): Reason[] {
  const unknown = (sentence: string): Reason[] => [{ source: 'k6', verdict: 'not-enough', sentence }];
  let results: K6Results;
  try {
    results = parseK6(text);
  } catch (error) {
    return unknown(`the k6 file ${path} ${messageOf(error)}`);
  }
  if (results.service !== undefined && results.service !== service.id) {
    throw gateErrors.error('k6_foreign', `the k6 file ${path} is of ${results.service}, not of ${service.id}`);
  }
  const counted = service.objectives.map(objective => ({ objective, events: eventsOf(objective, results) }));
  const missing = counted.filter(({ events }) => !events).map(({ objective }) => objective.id);
  const judged = counted.flatMap(({ objective, events }) => (events ? [judgeEvents(objective, events)] : []));
  const failed = results.failedThresholds.map(
    (threshold): Reason => ({ source: 'k6', verdict: 'stop', sentence: `k6's threshold failed: ${threshold}` }),
  );
  if (judged.length === 0) return [...failed, ...unknown(`the k6 file ${path} counts nothing that an SLO is about`)];
  const rest = `not in the k6 file, so judged by the budget alone: ${missing.join(', ')}`;
  return [
    ...failed,
    ...judged,
    ...(missing.length > 0 ? [{ source: 'k6', verdict: 'go', sentence: rest } as const] : []),
  ];
}

type Events = { good: number; total: number };

/** The load tests keep a rate for each SLO; of any other script, failed requests are what availability is about. */
function eventsOf({ id, kind, sli }: ObjectiveEntry, { rates }: K6Results): Events | undefined {
  const own = rates.get(`slo_${id.replaceAll('-', '_')}`);
  if (own) return { good: own.passes, total: own.passes + own.fails };
  const failed = rates.get('http_req_failed');
  const isOfRequests = kind === 'availability' && sli.form !== 'windows';
  return failed && isOfRequests ? { good: failed.fails, total: failed.passes + failed.fails } : undefined;
}

/** Whether the events prove the goal, prove that it is missed, or neither, at 95 % confidence. */
function judgeEvents({ id, goal }: ObjectiveEntry, { good, total }: Events): Reason {
  const bad = total - good;
  const { lower, upper } = total === 0 ? { lower: 0, upper: 1 } : goodShareBounds({ good, total });
  const needed = eventsToProve({ bad, budget: errorBudget(goal) });
  const counts = `${describeCount(good)} of ${describeCount(total)} requests`;
  const sure = `at ${describeShare(CONFIDENCE)} confidence`;
  const figures = { good, total, goal, lower, upper, needed };
  if (total >= needed) {
    const sentence = `${id} is proven: ${counts} were good, so at least ${describeBound(lower, 'down')} ${sure}, and the goal is ${describeShare(goal)}`;
    return { source: 'k6', slo: id, verdict: 'go', sentence, figures };
  }
  if (upper < goal) {
    const sentence = `${id} is missed: ${counts} were good, so at most ${describeBound(upper, 'up')} ${sure}, and the goal is ${describeShare(goal)}`;
    return { source: 'k6', slo: id, verdict: 'stop', sentence, figures };
  }
  const among = bad === 0 ? 'all of them good' : `no more than ${describeCount(bad)} of them bad`;
  const sentence = `${id} is not proven: ${counts} were good, and ${describeShare(goal)} ${sure} needs ${describeCount(needed)}, ${among}`;
  return { source: 'k6', slo: id, verdict: 'not-enough', sentence, figures };
}
