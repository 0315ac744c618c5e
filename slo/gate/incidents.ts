import { describeSeconds } from '../../base/durations.ts';
import type { Incident } from '../cloud-monitoring/reader.ts';
import type { Reason } from './reason.ts';

/**
 * What the open incidents of a service say: a page stops every change, a ticket is a remark. Policies know their service by a label, and
 * their environment only by the end of their name: without a suffix, one of any environment counts.
 */
export function judgeIncidents(
  incidents: readonly Incident[],
  { service, nameSuffix, nowMs }: { service: string; nameSuffix: string; nowMs: number },
): Reason[] {
  const own = incidents.filter(
    ({ policy }) => policy.userLabels.service === service.toLowerCase() && policy.displayName.endsWith(nameSuffix),
  );
  if (own.length === 0) return [{ source: 'incident', verdict: 'go', sentence: `no incident of ${service} is open` }];
  return own.map(({ openedAtMs, policy }) => {
    const isPage = policy.userLabels.severity === 'page' || policy.severity === 'CRITICAL';
    const forSeconds = openedAtMs === undefined ? undefined : Math.max(0, (nowMs - openedAtMs) / 1000);
    const age = forSeconds === undefined ? '' : ` for ${describeSeconds(forSeconds)}`;
    return {
      ...{ source: 'incident', verdict: isPage ? 'stop' : 'go' },
      sentence: `a ${isPage ? 'page' : 'ticket'} has been open${age}: ${policy.displayName}`,
      ...(forSeconds !== undefined && { figures: { openForSeconds: forSeconds } }),
    };
  });
}
