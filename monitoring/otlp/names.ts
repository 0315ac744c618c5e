import { showValue } from '../../base/errors.ts';
import { limits } from '../limits.ts';
import type { Labels } from '../model.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Message } from './schema.ts';
import { toJson, toLabel } from './values.ts';

const DOMAIN = 'prometheus.googleapis.com/';
const NAME = /^[a-zA-Z][a-zA-Z0-9_:./-]*$/;
/** Google's rule, without the one name that JavaScript's objects have for themselves. */
const LABEL_KEY = /^(?!__proto__$)[a-zA-Z_][a-zA-Z0-9_.]*$/;
/** Labels of the monitored resource: one of the same name would not be found. Google's own collector renames it like this. */
const RESERVED = new Set(['project_id', 'location', 'cluster', 'namespace', 'job', 'instance']);

/** The metric type that a name begins, in Google's domain. Dots stay. */
export function baseType(name = ''): string | Refusal {
  const local = name.startsWith(DOMAIN) ? name.slice(DOMAIN.length) : name;
  if (local.length > limits.otlp_metric_name_chars_max || !NAME.test(local)) {
    const rule = `must match ${NAME.source} and have at most ${limits.otlp_metric_name_chars_max} characters`;
    return refuse('bad_name', `the metric name ${showValue(name)} ${rule}`);
  }
  if (/^[\w.-]+\.googleapis\.com\//.test(local)) {
    return refuse('bad_name', `the metric name ${showValue(name)} must have no domain but ${DOMAIN.slice(0, -1)}`);
  }
  return `${DOMAIN}${local}`;
}

/** The labels of a scope, which keep two libraries' metrics of one name apart. */
export function scopeLabels({ name, version }: Message<'Scope'> = {}): Labels {
  return { ...(name && { otel_scope_name: name }), ...(version && { otel_scope_version: version }) };
}

/** The labels of a data point, after those of its scope. */
export function labelsOf(attributes: readonly Message<'KeyValue'>[] = [], scope: Labels): Labels | Refusal {
  const labels: Record<string, string> = { ...scope };
  for (const { key = '', value } of attributes) {
    const text = toLabel(toJson(value));
    if (!LABEL_KEY.test(key)) {
      return refuse('bad_label', `the label key ${showValue(key)} must match ${LABEL_KEY.source}`);
    }
    if (text.length > limits.otlp_label_chars_max) {
      const rule = `must have at most ${limits.otlp_label_chars_max} characters`;
      return refuse('bad_label', `the label ${showValue(key)} ${rule}, not ${text.length}`);
    }
    labels[RESERVED.has(key) ? `exported_${key}` : key] = text;
  }
  if (attributes.length > limits.otlp_labels_max) {
    const rule = `a series must have at most ${limits.otlp_labels_max} labels`;
    return refuse('bad_label', `${rule}, not ${attributes.length}`);
  }
  return labels;
}
