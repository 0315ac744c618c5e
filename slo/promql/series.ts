import { type Matches, type Selection, type Target, valuesOf } from '../metric.ts';
import { googleName, prometheusName } from './names.ts';

/**
 * Whose PromQL: Cloud Monitoring's, which names its metrics in its own way and OpenTelemetry's as they are, or Prometheus's, to
 * which OpenTelemetry's names are translated, and Google's by the Stackdriver exporter.
 */
export type Dialect = 'google' | 'prometheus';

export type PromQlContext = { dialect: Dialect; target: Target };

/** A histogram's parts in PromQL. */
export type Part = '' | '_bucket' | '_count';

/** The series as a vector selector: `run_googleapis_com:request_count{monitored_resource="cloud_run_revision",…}`. */
export function seriesSelector(
  selection: Selection,
  { dialect, target }: PromQlContext,
  part: Part = '',
  le?: number,
): string {
  const { metric } = selection;
  const isGoogles = metric.otelName === undefined;
  const pinned: Matches = {
    ...(dialect === 'google' && isGoogles && { monitored_resource: metric.resource }),
    ...(dialect === 'google' && { project_id: target.project }),
  };
  const matches = { ...pinned, ...selection.resourceLabels, ...selection.labels };
  const name = (dialect === 'google' ? googleName(selection) : prometheusName(selection)) + part;
  const terms = Object.entries(matches).map(([label, match]) => {
    const { not, values, pattern } = valuesOf(match, target);
    const key = dialect === 'prometheus' ? label.replaceAll(/\W/g, '_') : quoted(label);
    if (dialect === 'prometheus' && pattern !== undefined) return `${key}=~${JSON.stringify(pattern)}`;
    if (values.length === 1) return `${key}${not ? '!=' : '='}${JSON.stringify(values[0])}`;
    return `${key}${not ? '!~' : '=~'}${JSON.stringify(values.map(escapeRegex).join('|'))}`;
  });
  if (le !== undefined) terms.push(boundTerm(le, dialect));
  if (isPlainName(name)) return `${name}${terms.length > 0 ? `{${terms.join(', ')}}` : ''}`;
  return `{${[JSON.stringify(name), ...terms].join(', ')}}`;
}

const isPlainName = (name: string) => /^[a-zA-Z_:][\w:]*$/.test(name);
const quoted = (label: string) => (/^[a-zA-Z_]\w*$/.test(label) ? label : JSON.stringify(label));
const escapeRegex = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * By OTLP Prometheus has a bound in all its digits, `1` and `1000000`. Where it is scraped, it is as Go writes it, `1e+06` from a million
 * on and `5e-05` below 0.0001, and else in Prometheus 3 as `1.0` where it is whole.
 */
function boundTerm(le: number, dialect: Dialect): string {
  const [digits = '', exponent = ''] = le.toExponential().split('e');
  const isShort = Number(exponent) >= 6 || Number(exponent) < -4;
  if (dialect === 'google' || !(isShort || Number.isInteger(le))) return `le="${le}"`;
  const plain = `${escapeRegex(String(le))}${Number.isInteger(le) ? String.raw`(\.0)?` : ''}`;
  const short = `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  return `le=~${JSON.stringify(isShort ? `${plain}|${escapeRegex(short)}` : plain)}`;
}
