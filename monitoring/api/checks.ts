import { messageOf, type Problem, showValue } from '../../base/errors.ts';
import { metricTypeOf } from '../filter/match.ts';
import type { Filter } from '../filter/parse.ts';
import { parseSeriesFilter } from '../filter/series.ts';
import { limits } from '../limits.ts';

// Shared by what checks resources. Each gives the problems of one thing, none where it is right.

/** One problem, or none where the rule is kept. */
export function must(isKept: boolean, field: string, rule: string, value?: unknown): Problem[] {
  return isKept ? [] : [{ field, rule, ...(value !== undefined && { value: showValue(value) }) }];
}

const LABEL_KEY = /^\p{Ll}[\p{Ll}\d_-]*$/u;
const LABEL_VALUE = /^[\p{Ll}\d_-]*$/u;

/** Labels that users give: lower case, so many and so long. */
export function checkUserLabels(labels: unknown): Problem[] {
  const entries = Object.entries((labels ?? {}) as Record<string, string>);
  const chars = limits.api_user_label_chars_max;
  return [
    ...must(
      entries.length <= limits.api_user_labels_max,
      'userLabels',
      `must be at most ${limits.api_user_labels_max}`,
      entries.length,
    ),
    ...entries.flatMap(([key, value]) => [
      ...must(
        LABEL_KEY.test(key) && key.length <= chars,
        `userLabels.${key}`,
        `must have a key of lower-case letters, digits, _ and -, that begins with a letter and has at most ${chars} characters`,
      ),
      ...must(
        LABEL_VALUE.test(value) && value.length <= chars,
        `userLabels.${key}`,
        `must be lower-case letters, digits, _ and -, at most ${chars} characters`,
        value,
      ),
    ]),
  ];
}

/** A display name: there, where it must be, and not too long. */
export function checkDisplayName(name: unknown, isRequired = true): Problem[] {
  const text = (name ?? '') as string;
  const most = limits.api_display_name_chars_max;
  return [
    ...must(!isRequired || text !== '', 'displayName', 'is required'),
    ...must(text.length <= most, 'displayName', `must have at most ${most} characters`, text.length),
  ];
}

/** A filter that names one metric, and what else it must be. */
export function checkMetricFilter(
  text: unknown,
  field: string,
  more: (metricType: string) => Problem[] = () => [],
): Problem[] {
  const filter = tryParse((text ?? '') as string);
  if (typeof filter === 'string') return [{ field, rule: `must be a filter: ${filter}` }];
  const type = metricTypeOf(filter);
  return type === undefined ? [{ field, rule: 'must name one metric by metric.type="…"' }] : more(type);
}

function tryParse(text: string): Filter | string {
  try {
    return parseSeriesFilter(text);
  } catch (error) {
    return messageOf(error);
  }
}

/** Seconds of a duration as the API writes it; `undefined` where there is none. */
export function secondsOf(duration: unknown): number | undefined {
  return duration === undefined ? undefined : Number.parseFloat(duration as string);
}
