import type { Metric, Selection } from '../metric.ts';

/** A metric's name in Cloud Monitoring's PromQL: the first slash becomes a colon and every other special character an underscore. */
export function googleName({ metric }: Selection): string {
  if (metric.otelName !== undefined) return metric.otelName;
  const [domain = '', ...path] = metric.type.split('/');
  return `${domain.replaceAll(/\W/g, '_')}:${path.join('_').replaceAll(/\W/g, '_')}`;
}

const UNITS: Readonly<Record<string, string>> = {
  ...{ ns: 'nanoseconds', us: 'microseconds', ms: 'milliseconds', s: 'seconds', min: 'minutes', h: 'hours', d: 'days' },
  ...{ By: 'bytes', KBy: 'kilobytes', MBy: 'megabytes', GBy: 'gigabytes', TBy: 'terabytes' },
  ...{ KiBy: 'kibibytes', MiBy: 'mebibytes', GiBy: 'gibibytes', TiBy: 'tibibytes' },
  ...{ m: 'meters', V: 'volts', A: 'amperes', J: 'joules', W: 'watts', g: 'grams' },
  ...{ Cel: 'celsius', Hz: 'hertz', '%': 'percent', '1': '' },
};
const PER_UNITS: Readonly<Record<string, string>> = {
  ...{ s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month', y: 'year' },
};

/**
 * A metric's name in Prometheus, without a histogram's part: by OpenTelemetry's rules, the unit and `_total` or `_ratio` at the end; by
 * the Stackdriver exporter's where it is Google's own.
 *
 * @see https://github.com/prometheus/otlptranslator
 */
export function prometheusName({ metric }: Selection): string {
  const { otelName, otelUnit = '' } = metric;
  if (otelName === undefined) return `stackdriver_${metric.resource}_${metric.type.replaceAll(/\W/g, '_')}`;
  const words = otelName.split(/[^a-zA-Z0-9:]+/).filter(word => word !== '');
  const [main = '', ...per] = otelUnit.split('/');
  const [unit, perUnit] = [wordOf(main, UNITS), wordOf(per.join('/'), PER_UNITS)];
  if (unit !== '' && !words.includes(unit)) words.push(perUnit === '' ? unit : unit.replace(/_$/, ''));
  if (perUnit !== '') words.push(`per_${perUnit.replace(/_$/, '')}`);
  const ending = endingOf(metric);
  const name = ending === undefined ? words : [...words.filter(word => word !== ending), ending];
  return name.join('_').replace(/^(?=\d)/, '_');
}

function endingOf({ kind, value, otelUnit }: Metric): string | undefined {
  if (kind === 'GAUGE') return otelUnit === '1' ? 'ratio' : undefined;
  return value === 'DISTRIBUTION' ? undefined : 'total';
}

/** A unit as a word of a name; none for what is counted, `{request}`. */
function wordOf(unit: string, known: Readonly<Record<string, string>>): string {
  if (/[{}]/.test(unit)) return '';
  return (known[unit.trim()] ?? unit.trim()).replaceAll(/[^a-zA-Z0-9:]+/g, '_').replace(/^_/, '');
}
