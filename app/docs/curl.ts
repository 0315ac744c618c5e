import type { Operation } from '../openapi.ts';

const BASE_URL = 'http://127.0.0.1:8080';

/** A command that tries the operation, with its examples in it. */
export function curlOf(method: string, path: string, operation: Operation): string {
  const filled = operation.parameters.reduce(
    (url, { name, in: place, schema }) => (place === 'path' ? url.replace(`{${name}}`, String(schema.example)) : url),
    path,
  );
  const hasLimit = operation.parameters.some(({ name }) => name === 'limit');
  const url = `'${BASE_URL}${filled}${hasLimit ? '?limit=10' : ''}'`;
  const example = operation.requestBody?.content['application/json']?.example;
  const parts = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${url}`,
    ...(operation.security ? ["-H 'X-API-Key: …'"] : []),
    ...(example === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(example)}'`]),
  ];
  return parts.join(' \\\n  ');
}
