import { filterErrors } from './errors.ts';
import { type Pattern, toPattern } from './pattern.ts';
import { type Token, tokenize } from './tokens.ts';

export type Order = '<' | '<=' | '>' | '>=';

/** How a label's value is compared. */
export type Comparison =
  | { test: 'equals' | 'starts_with' | 'ends_with' | 'has_substring'; value: string }
  | { test: Order; value: string | number }
  | { test: 'one_of'; values: readonly string[] }
  | { test: 'full_match'; pattern: Pattern };

/** A monitoring filter, parsed. A `field` is `metric.type`, `resource.labels.zone` and so on, its key without quotes. */
export type Filter =
  | { op: 'and' | 'or'; parts: readonly Filter[] }
  | { op: 'not'; part: Filter }
  | { op: 'compare'; field: string; comparison: Comparison };

const DEPTH_MAX = 20;

/**
 * Parses a monitoring filter. As in Google's filters, NOT binds closest, then OR, then AND, which may be left away.
 * Throws `filter_invalid` with the place.
 *
 * @see https://cloud.google.com/monitoring/api/v3/filters
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let next = 0;

  const peek = () => tokens[next];
  const isWord = (word: string) => peek()?.kind === 'word' && peek()?.text === word;
  const isMark = (mark: string) => peek()?.kind === 'mark' && peek()?.text === mark;

  function fail(wanted: string): never {
    const found = peek();
    throw filterErrors.error(
      'filter_invalid',
      `The filter needs ${wanted} at ${found ? `character ${found.at + 1}, not ${found.text}` : 'its end'}: ${text}`,
    );
  }

  function take(kind: Token['kind'], wanted: string): string {
    const token = peek();
    if (token?.kind !== kind) return fail(wanted);
    next += 1;
    return token.text;
  }

  function takeMark(mark: string): void {
    if (!isMark(mark)) fail(mark);
    next += 1;
  }

  function conjunction(depth: number): Filter {
    if (depth > DEPTH_MAX)
      throw filterErrors.error('filter_invalid', `The filter nests deeper than ${DEPTH_MAX} levels`);
    const parts = [disjunction(depth)];
    while (peek() && !isMark(')')) {
      if (isWord('AND')) next += 1;
      parts.push(disjunction(depth));
    }
    return joined('and', parts);
  }

  function disjunction(depth: number): Filter {
    const parts = [term(depth)];
    while (isWord('OR')) {
      next += 1;
      parts.push(term(depth));
    }
    return joined('or', parts);
  }

  function term(depth: number): Filter {
    if (isWord('NOT') || isMark('-')) {
      next += 1;
      if (depth > DEPTH_MAX) fail(`at most ${DEPTH_MAX} levels`);
      return { op: 'not', part: term(depth + 1) };
    }
    if (!isMark('(')) return comparison();
    next += 1;
    const inner = conjunction(depth + 1);
    takeMark(')');
    return inner;
  }

  function comparison(): Filter {
    const field = fieldName();
    const operator = take('operator', 'a comparison such as =');
    const value = matcher(operator);
    const compare: Filter = { op: 'compare', field, comparison: value };
    return operator === '!=' ? { op: 'not', part: compare } : compare;
  }

  function fieldName(): string {
    const parts = [take('word', 'a field such as metric.type')];
    while (isMark('.')) {
      next += 1;
      parts.push(peek()?.kind === 'string' ? take('string', '') : take('word', 'a key'));
    }
    const [first = '', second = '', ...rest] = parts;
    // Both spellings are in use.
    return [first, ...(second === '' ? [] : [second === 'label' ? 'labels' : second]), ...rest].join('.');
  }

  function matcher(operator: string): Comparison {
    const { kind, text: word } = peek() ?? fail('a value');
    if (kind === 'string' || kind === 'number' || word === 'true' || word === 'false') {
      next += 1;
      if (isOrder(operator)) return { test: operator, value: kind === 'number' ? Number(word) : word };
      return { test: operator === ':' ? 'has_substring' : 'equals', value: word };
    }
    if (operator === ':' || isOrder(operator)) fail('a number, or a value in quotes');
    return call(functionName());
  }

  function functionName(): string {
    const parts = [take('word', 'a value in quotes, or a function')];
    while (isMark('.')) {
      next += 1;
      parts.push(take('word', 'the rest of a function’s name'));
    }
    return parts.join('.');
  }

  function call(name: string): Comparison {
    takeMark('(');
    const values = [take('string', 'a text in quotes')];
    while (isMark(',')) {
      next += 1;
      values.push(take('string', 'a text in quotes'));
    }
    takeMark(')');
    const [value = ''] = values;
    if (name === 'one_of') return { test: 'one_of', values };
    if (values.length > 1) fail(`one text only in ${name}`);
    if (name === 'starts_with' || name === 'ends_with' || name === 'has_substring') return { test: name, value };
    if (name === 'monitoring.regex.full_match') return { test: 'full_match', pattern: toPattern(value) };
    throw filterErrors.error('filter_invalid', `The filter has no function ${name}: ${FUNCTIONS} are known`);
  }

  if (tokens.length === 0) throw filterErrors.error('filter_invalid', 'The filter is empty');
  const filter = conjunction(0);
  if (peek()) fail('an end');
  return filter;
}

function isOrder(operator: string): operator is Order {
  return operator.startsWith('<') || operator.startsWith('>');
}

const FUNCTIONS = 'starts_with, ends_with, has_substring, one_of and monitoring.regex.full_match';

function joined(op: 'and' | 'or', parts: readonly Filter[]): Filter {
  return parts.length === 1 ? (parts[0] as Filter) : { op, parts };
}
