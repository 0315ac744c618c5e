import type { Operation } from '../openapi.ts';

/** A command that tries the operation on the server at `origin`, with its examples in it. */
export function curlOf(origin: string, method: string, path: string, operation: Operation): string {
  const filled = operation.parameters.reduce(
    (url, { name, in: place, schema }) => (place === 'path' ? url.replace(`{${name}}`, String(schema.example)) : url),
    path,
  );
  const hasLimit = operation.parameters.some(({ name }) => name === 'limit');
  const url = `'${origin}${filled}${hasLimit ? '?limit=10' : ''}'`;
  const example = operation.requestBody?.content['application/json']?.example;
  const parts = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${url}`,
    ...(operation.security ? ["-H 'X-API-Key: …'"] : []),
    ...(example === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(example)}'`]),
  ];
  return parts.join(' \\\n  ');
}
