import type { Problem } from '../../../base/errors.ts';
import { limits } from '../../limits.ts';
import { checkDisplayName, checkUserLabels, must, secondsOf } from '../checks.ts';
import { type Collection, numericId } from '../collection.ts';
import { toTime } from '../time.ts';
import type { World } from '../world.ts';
import { type Condition, checkCondition } from './condition.ts';

const AUTO_CLOSE_SECONDS_MIN = 1800;
const AUTO_CLOSE_SECONDS_MAX = 7 * 86_400;

/** A policy as it is sent. */
type Policy = {
  displayName?: string;
  conditions?: readonly Condition[];
  combiner?: string;
  enabled?: boolean;
  documentation?: { content?: string; subject?: string; links?: readonly { displayName?: string; url?: string }[] };
  alertStrategy?: { autoClose?: string; notificationRateLimit?: object };
  notificationChannels?: readonly string[];
  userLabels?: object;
};

/** Alert policies. */
export function policies(world: World): Collection {
  const isThere = (channel: string) => world.resources.get('notificationChannels', channel) !== undefined;
  return {
    ...{ kind: 'alertPolicies', under: '/v3/projects/{project}', message: 'google.monitoring.v3.AlertPolicy' },
    list: { message: 'google.monitoring.v3.ListAlertPoliciesResponse' },
    itemsMax: limits.api_policies_max,
    idOf: () => numericId(world),
    complete(json, name) {
      const { conditions = [] } = json as Policy;
      const named = (condition: Condition) =>
        condition.name?.startsWith(`${name}/conditions/`)
          ? condition
          : { ...condition, name: `${name}/conditions/${numericId(world)}` };
      return { enabled: true, ...json, conditions: conditions.map(named) };
    },
    check: json => checkPolicy(json as Policy, isThere, world),
    show: ({ json, createdMs, updatedMs }) => ({
      ...json,
      creationRecord: { mutateTime: toTime(createdMs) },
      mutationRecord: { mutateTime: toTime(updatedMs) },
    }),
  };
}

function checkPolicy(policy: Policy, isThere: (channel: string) => boolean, world: World): Problem[] {
  const { conditions = [], combiner = 'COMBINE_UNSPECIFIED', notificationChannels: channels = [] } = policy;
  const { api_conditions_max: conditionsMax, api_channels_of_a_policy_max: channelsMax } = limits;
  const alone = conditions.filter(
    ({ conditionMatchedLog, conditionPrometheusQueryLanguage, conditionSql }) =>
      conditionMatchedLog ?? conditionPrometheusQueryLanguage ?? conditionSql,
  );
  return [
    ...checkDisplayName(policy.displayName),
    ...must(
      conditions.length >= 1 && conditions.length <= conditionsMax,
      'conditions',
      `must be 1 to ${conditionsMax}`,
      conditions.length,
    ),
    ...must(
      alone.length === 0 || conditions.length === 1,
      'conditions',
      'must be one alone, where it is of PromQL, SQL or logs',
      conditions.length,
    ),
    ...must(
      combiner !== 'COMBINE_UNSPECIFIED' || conditions.length <= 1,
      'combiner',
      'is required where there are several conditions',
    ),
    ...conditions.flatMap((condition, index) => checkCondition(condition, `conditions[${index}]`, world)),
    ...must(channels.length <= channelsMax, 'notificationChannels', `must be at most ${channelsMax}`, channels.length),
    ...channels.flatMap((channel, index) =>
      must(isThere(channel), `notificationChannels[${index}]`, 'must be a channel that is there', channel),
    ),
    ...checkStrategy(policy),
    ...checkDocumentation(policy.documentation),
    ...checkUserLabels(policy.userLabels),
  ];
}

function checkStrategy({ alertStrategy, conditions = [] }: Policy): Problem[] {
  const { autoClose, notificationRateLimit } = alertStrategy ?? {};
  const seconds = secondsOf(autoClose) ?? AUTO_CLOSE_SECONDS_MIN;
  const ofLogs = conditions.some(({ conditionMatchedLog }) => conditionMatchedLog !== undefined);
  return [
    ...must(
      seconds >= AUTO_CLOSE_SECONDS_MIN && seconds <= AUTO_CLOSE_SECONDS_MAX,
      'alertStrategy.autoClose',
      `must be ${AUTO_CLOSE_SECONDS_MIN}s to ${AUTO_CLOSE_SECONDS_MAX}s`,
      autoClose,
    ),
    ...must(
      ofLogs === (notificationRateLimit !== undefined),
      'alertStrategy.notificationRateLimit',
      ofLogs ? 'is required where a condition is of logs' : 'is only for conditions of logs',
    ),
  ];
}

function checkDocumentation({
  content = '',
  subject = '',
  links = [],
}: NonNullable<Policy['documentation']> = {}): Problem[] {
  const { api_documentation_chars_max: charsMax, api_documentation_bytes_max: bytesMax } = limits;
  const { api_subject_bytes_max: subjectMax, api_documentation_links_max: linksMax } = limits;
  return [
    ...must(
      content.length <= charsMax,
      'documentation.content',
      `must have at most ${charsMax} characters`,
      content.length,
    ),
    ...must(
      Buffer.byteLength(content) <= bytesMax,
      'documentation.content',
      `must have at most ${bytesMax} bytes`,
      Buffer.byteLength(content),
    ),
    ...must(
      Buffer.byteLength(subject) <= subjectMax,
      'documentation.subject',
      `must have at most ${subjectMax} bytes`,
      Buffer.byteLength(subject),
    ),
    ...must(links.length <= linksMax, 'documentation.links', `must be at most ${linksMax}`, links.length),
  ];
}
