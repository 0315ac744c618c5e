import { z } from 'zod';
import type { Answer, Route } from './route.ts';
import { components, problem } from './schemas.ts';

type Json = Record<string, unknown>;

/** A parameter of an operation. */
export type Parameter = { name: string; in: 'path' | 'query'; required: boolean; description?: string; schema: Json };

/** One answer of an operation. */
export type OpenApiResponse = {
  description: string;
  headers?: Record<string, { description: string; schema: Json }>;
  content?: Record<string, { schema: Json }>;
};

/** What one method does at one path. */
export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Json; example: unknown }> };
  responses: Record<string, OpenApiResponse>;
  security?: Record<string, string[]>[];
};

/** An OpenAPI 3.0.3 document, as far as ours goes. */
export type OpenApi = {
  openapi: '3.0.3';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; securitySchemes?: Record<string, Json> };
};

const FAILURES: Readonly<Record<number, string>> = {
  400: 'Path, query or body is not valid; `problems` names each field, what stood there and the rule.',
  401: 'The API key is missing or wrong.',
  403: 'Only an operator may ask; where there are no keys at all, only the machine itself.',
  404: 'There is nothing with this id.',
  408: 'The body did not arrive in time.',
  412: 'There is no version as new as the one asked for.',
  413: 'The body or the record is too large.',
  415: 'The body is not declared as JSON.',
  422: 'It was refused by what stores it.',
  431: 'The address or the headers are too long.',
  429: 'Too many requests; `Retry-After` says when to come again.',
  500: 'The server failed; the trace id names its log entry.',
  503: 'Not able to serve now, or no answer from the warehouse; `Retry-After` says when to come again.',
};

const SECURITY_SCHEMES = {
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  bearer: { type: 'http', scheme: 'bearer' },
};

/** Writes the document from the routes and their schemas. */
export function createOpenApi(options: {
  routes: readonly Route[];
  /** With what a request is refused that may not be made. */
  refusals(access: Route['access']): readonly (401 | 403)[];
}): OpenApi {
  const { routes, refusals } = options;
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    const path = pathOf(route);
    paths[path] = { ...paths[path], [route.method]: toOperation(route, refusals(route.access)) };
  }
  const { schemas } = z.toJSONSchema(components, { target: 'openapi-3.0', io: 'input', uri: refTo });
  for (const schema of Object.values(schemas)) delete schema.$id;
  return {
    openapi: '3.0.3',
    info: {
      title: 'Burnline records API',
      version: '1.0.0',
      description: 'Records that were published to a topic or written here, each in its newest version.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      ...(routes.some(({ access }) => refusals(access).includes(401)) && { securitySchemes: SECURITY_SCHEMES }),
    },
  };
}

/** A route's path as OpenAPI writes it: `/records/{id}`. */
export function pathOf({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function toOperation(route: Route, refusals: readonly (401 | 403)[]): Operation {
  const { name, group, summary, description, body, answers, failure } = route;
  const responses = Object.entries(answers).map(([status, answer]) => [status, toResponse(answer)]);
  const { type, schema } = failure ?? { type: 'application/problem+json', schema: problem };
  const failures = failuresOf(route, refusals).map(status => {
    return [status, toResponse({ description: FAILURES[status] ?? '', type, schema })];
  });
  return {
    operationId: name,
    tags: [group],
    summary,
    ...(description !== undefined && { description }),
    parameters: [...toParameters('path', route.params), ...toParameters('query', route.query)],
    ...(body && {
      requestBody: {
        required: body.required,
        content: { 'application/json': { schema: refOf(body.schema), example: body.example } },
      },
    }),
    responses: Object.fromEntries([...responses, ...failures]),
    ...(refusals.includes(401) && { security: [{ apiKey: [] }, { bearer: [] }] }),
  };
}

/** What a route can fail with: what it says itself, and what follows from what it takes and whom it serves. */
function failuresOf({ access, body, failure, fails = [] }: Route, refusals: readonly number[]): number[] {
  if (access === 'open') return [...fails];
  // The one shape of its own has two statuses of its own (problems.ts).
  const ofBody = body === undefined ? [] : failure ? [413] : [408, 413, 415];
  return [...new Set([400, ...refusals, ...ofBody, 429, ...(failure ? [] : [431]), 500, ...fails])].toSorted(
    (a, b) => a - b,
  );
}

function toParameters(place: 'path' | 'query', schema: z.ZodObject | undefined): Parameter[] {
  return Object.entries(schema?.shape ?? {}).map(([name, parameter]) => {
    const {
      $schema: _,
      description,
      ...rest
    } = z.toJSONSchema(parameter as z.ZodType, {
      target: 'openapi-3.0',
      io: 'output',
    });
    const required = place === 'path' || !(parameter as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, ...(description !== undefined && { description }), schema: rest };
  });
}

function toResponse({
  description,
  type = 'application/json',
  schema,
  alternatives = {},
  headers,
}: Answer): OpenApiResponse {
  const content = Object.entries({ ...(schema && { [type]: schema }), ...alternatives });
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }]),
      ),
    }),
    ...(content.length > 0
      ? { content: Object.fromEntries(content.map(([media, of]) => [media, { schema: refOf(of) }])) }
      : type !== 'application/json' && { content: { [type]: { schema: { type: 'string' } } } }),
  };
}

function refTo(id: string): string {
  return `#/components/schemas/${id}`;
}

function refOf(schema: z.ZodType): Json {
  return { $ref: refTo((components.get(schema) as { id: string }).id) };
}
