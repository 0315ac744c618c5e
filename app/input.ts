import type { Context } from 'koa';
import { z } from 'zod';
import { describeProblems, type Problem, showValue } from '../base/errors.ts';
import { appErrors } from './errors.ts';
import type { Input, Route } from './route.ts';

type Fields = Readonly<Record<string, unknown>>;

const REMEMBERED_QUERIES_MAX = 200;
const REMEMBERED_CHARS_MAX = 200;
const noParameters = z.strictObject({});

/**
 * Makes what validates a route's path and query by its schemas. It throws `input_invalid`, naming every field that is wrong.
 * The same few queries come again and again, so the valid ones are remembered: a tenth of what a page costs.
 */
export function createInputReader(route: Route): (ctx: Context) => Input<z.ZodObject, z.ZodObject> {
  const { params: paramsSchema, query: querySchema = noParameters, access } = route;
  const remembered = new Map<string, Fields>();

  function readQuery(ctx: Context, problems: Problem[]): Fields {
    const text = ctx.querystring;
    const known = remembered.get(text);
    if (known) return known;
    const query = parse(querySchema, ctx.query, problems);
    if (problems.length === 0 && text.length <= REMEMBERED_CHARS_MAX) {
      if (remembered.size === REMEMBERED_QUERIES_MAX) remembered.clear();
      remembered.set(text, query);
    }
    return query;
  }

  return ctx => {
    const problems: Problem[] = [];
    const params = paramsSchema ? readParams(ctx, paramsSchema, problems) : {};
    const query = access === 'open' ? {} : readQuery(ctx, problems);
    if (problems.length > 0) throw appErrors.error('input_invalid', describeProblems(problems), { problems });
    return { params, query };
  };
}

function readParams(ctx: Context, schema: z.ZodObject, problems: Problem[]): Fields {
  const params = ctx.params as Readonly<Record<string, string>>;
  const captures = ctx.captures as readonly string[];
  for (const [field, value] of Object.entries(params)) {
    // The router leaves a parameter that it cannot decode as it came.
    if (value.includes('%') && captures.includes(value)) {
      problems.push({ field, value: showValue(value), rule: 'must be UTF-8 in percent-encoding' });
    }
  }
  return problems.length > 0 ? {} : parse(schema, params, problems);
}

function parse(schema: z.ZodObject, input: Fields, problems: Problem[]): Fields {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  problems.push(...parsed.error.issues.flatMap(issue => toProblems(issue, input, Object.keys(schema.shape))));
  return {};
}

function toProblems(issue: z.core.$ZodIssue, input: Fields, known: readonly string[]): Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    const field = String(issue.path[0]);
    return [{ field, value: showValue(input[field]), rule: issue.message }];
  }
  const rule = `is not a parameter of this endpoint: ${known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none'}`;
  return issue.keys.map(field => ({ field, value: showValue(input[field]), rule }));
}
