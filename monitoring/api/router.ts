import { apiErrors } from '../errors.ts';
import type { Message } from './messages/read.ts';

/** A request that a route took. */
export type Call = {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The message that the route takes; empty where it takes none. */
  body: Message;
};

/** A method of the API. In its path `{id}` is one segment, `{type=**}` are all that follow. */
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  /** The messages of its body and its answer. */
  takes?: string;
  /** Whether there may be no body. */
  mayBeEmpty?: boolean;
  answers?: string;
  handle(call: Call): object;
};

/** Finds the route of a request. Throws `resource_missing` where there is none, or where the project is not the one that is served. */
export function createRouter(routes: readonly Route[], project: string) {
  const compiled = routes.map(route => ({ route, pattern: toPattern(route.path) }));
  return function find(method: string, path: string): { route: Route; params: Call['params'] } {
    for (const { route, pattern } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (!found) continue;
      const params = Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, text]) => [name, decode(text)]));
      if (params.project === undefined || params.project === project) return { route, params };
      throw apiErrors.error('resource_missing', `There is no project ${params.project}: ${project} is served here`);
    }
    throw apiErrors.error('resource_missing', `Nothing is served at ${method} ${path}`);
  };
}

function toPattern(path: string): RegExp {
  const pattern = path.replaceAll(/\{(\w+)(=\*\*)?\}/g, (_, name: string, rest?: string) =>
    rest === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  return new RegExp(`^${pattern}$`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw apiErrors.error('argument_invalid', `The path holds what is no character: ${text}`, { cause: error });
  }
}
