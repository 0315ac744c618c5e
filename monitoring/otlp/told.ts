import type { Labels, SeriesIdentity } from '../model.ts';
import { decode } from './decode.ts';
import type { Reading } from './families.ts';
import { labelsOf } from './names.ts';
import { isRefusal, type Refusal } from './refusals.ts';
import type { Attribute, Message } from './schema.ts';

/** What the points of one metric, scope and resource share. */
type Source = { resource: SeriesIdentity['resource']; type: string; scope: Labels };

/** The series of a point's readings. */
type Told = (reading: Reading) => SeriesIdentity;

/** Finds them by the attributes of the point, or says why Google takes none of those. */
export type FindSeries = (attributes?: readonly Attribute[]) => Told | Refusal;

/**
 * Remembers the series that points are of, by their attributes as they came on the wire: writers tell the same ones in the same way,
 * time after time, and those need be neither decoded again nor checked. A series that is told again is the same object. What comes
 * in JSON is decoded already, and not remembered; nor are quantiles, and what begins with an attribute of more than 127 bytes.
 *
 * @param max how many are remembered at most: who tells ever other ones must not fill the memory
 * @returns what finds series, for what shares a source; it throws `bad_request` where attributes are none on the wire
 */
export function createToldSeries(max: number): (source: Source) => FindSeries {
  const sources = new Map<string, Map<string, Told>>();
  let size = 0;

  function ofSource(source: Source): Map<string, Told> {
    const text = JSON.stringify(source);
    const known = sources.get(text);
    if (known) return known;
    makeRoom();
    const added = new Map<string, Told>();
    sources.set(text, added);
    return added;
  }

  function makeRoom(): void {
    size += 1;
    if (size <= max) return;
    sources.clear();
    size = 1;
  }

  return source => {
    const told = ofSource(source);
    const textOf = createWireText();
    return (attributes = []) => {
      const text = textOf(attributes);
      const known = text === undefined ? undefined : told.get(text);
      if (known) return known;
      const labels = labelsOf(attributes.map(decoded), source.scope);
      if (isRefusal(labels)) return labels;
      const added = createTold(source, labels);
      if (text === undefined) return added;
      makeRoom();
      told.set(text, added);
      return added;
    };
  };
}

function createTold(source: Source, labels: Labels): Told {
  const bySuffix = new Map<string, SeriesIdentity>();
  return reading => {
    // Quantiles may be ever other ones; the suffixes are a few.
    if (reading.label) return seriesOf(source, { ...labels, [reading.label[0]]: reading.label[1] }, reading);
    const known = bySuffix.get(reading.suffix);
    if (known) return known;
    const series = seriesOf(source, labels, reading);
    bySuffix.set(reading.suffix, series);
    return series;
  };
}

function seriesOf({ resource, type }: Source, labels: Labels, { suffix, metricKind, value }: Reading): SeriesIdentity {
  const valueType = typeof value === 'number' ? 'DOUBLE' : 'DISTRIBUTION';
  return { metric: { type: type + suffix, labels }, resource, metricKind, valueType };
}

/**
 * Attributes as the bytes that they came in, from the length of the first until the end of the last: what stands between them tells
 * where each begins. None where that length is not one byte, as it is up to 127.
 */
function createWireText(): (attributes: readonly Attribute[]) => string | undefined {
  let whole: Buffer = Buffer.alloc(0);
  return attributes => {
    const first = attributes[0];
    const last = attributes.at(-1);
    if (first === undefined) return '';
    if (!Buffer.isBuffer(first) || !Buffer.isBuffer(last)) return undefined;
    if (whole.buffer !== first.buffer) whole = Buffer.from(first.buffer);
    const start = first.byteOffset - 1;
    return whole[start] === first.length ? whole.toString('latin1', start, last.byteOffset + last.length) : undefined;
  };
}

function decoded(attribute: Attribute): Message<'KeyValue'> {
  return Buffer.isBuffer(attribute) ? decode('KeyValue', 'protobuf', attribute) : attribute;
}
