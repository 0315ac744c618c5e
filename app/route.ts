import type { Context } from 'koa';
import type { z } from 'zod';

/** One answer of a route, as OpenAPI tells it. */
export type Answer = {
  description: string;
  /** `application/json` where not said. */
  type?: string;
  /** A component of schemas.ts; none for an answer without a schema of ours (a page, a style sheet). */
  schema?: z.ZodType;
  /** More representations of the same answer, by content type. */
  alternatives?: Readonly<Record<string, z.ZodType>>;
  headers?: Readonly<Record<string, string>>;
};

/** What a handler is given: path and query, validated and converted. */
export type Input<Params extends z.ZodObject, Query extends z.ZodObject> = {
  params: z.output<Params>;
  query: z.output<Query>;
};

/**
 * An endpoint as data: the router (router.ts), the OpenAPI document (openapi.ts) and the page to read it are made from it.
 */
export type Route = {
  method: 'get' | 'post' | 'put' | 'delete';
  /** As @koa/router takes it: `/records/:id`. */
  path: string;
  /** The operation's id in OpenAPI. */
  name: string;
  group: string;
  summary: string;
  description?: string;
  /** `open` needs no key, `client` one where keys are configured, `operator` an operator's key, or any key or loopback where there are none. */
  access: 'open' | 'client' | 'operator';
  params?: z.ZodObject;
  /** The parameters taken; any other is refused, but open routes take no notice of theirs. */
  query?: z.ZodObject;
  body?: { schema: z.ZodType; required: boolean; example: unknown };
  answers: Readonly<Record<number, Answer>>;
  /** Failures of its own; those of path, query, body, key and rate are added from what it takes. */
  fails?: readonly number[];
  /** The shape of its failures where it is not problem+json. */
  failure?: { type: string; schema: z.ZodType };
  handle(ctx: Context, input: Input<z.ZodObject, z.ZodObject>): void | Promise<void>;
};

/** A route whose handler's input has the types of its own schemas. */
export function defineRoute<Params extends z.ZodObject, Query extends z.ZodObject>(
  route: Omit<Route, 'params' | 'query' | 'handle'> & {
    params?: Params;
    query?: Query;
    handle(ctx: Context, input: Input<Params, Query>): void | Promise<void>;
  },
): Route {
  return route as Route;
}
