import { pathOf } from './openapi.ts';
import type { Route } from './route.ts';

// What Google's front end keeps for itself never reaches a gateway.
const UNREACHABLE = new Set(['/healthz', '/readyz']);
/** What a request takes of its caller's quota: every record at once is as dear as a page a second for a minute. */
const EXPORT_COST = 60;

/**
 * The document of the gateway in front of the API (Cloud Endpoints takes OpenAPI 3.0.x): which requests pass, which need a key and
 * what they cost of its quota. Backends, quota and server are named here and given by Terraform, for they differ between environments. Operators'
 * routes are left out: the API serves them where it runs, and nowhere else without keys of its own.
 *
 * @see https://docs.cloud.google.com/endpoints/docs/openapi/oasv3-extensions
 */
export function createGatewayDocument(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    if (route.access === 'operator' || UNREACHABLE.has(route.path)) continue;
    const path = pathOf(route);
    paths[path] = { ...paths[path], [route.method]: toOperation(route) };
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Burnline records API', version: '1.0.0' },
    'x-google-backend': 'api',
    components: { securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } } },
    paths,
  };
}

function toOperation({ name, summary, method, path, params, access }: Route): object {
  const isExport = path === '/data';
  const cost = method === 'get' ? { reads: isExport ? EXPORT_COST : 1 } : { writes: 1 };
  const parameters = Object.keys(params?.shape ?? {}).map(parameter => ({
    ...{ name: parameter, in: 'path', required: true },
    schema: { type: 'string' },
  }));
  return {
    operationId: name,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(isExport && { 'x-google-backend': 'export' }),
    ...(access === 'client' && { security: [{ apiKey: [] }], 'x-google-quota': { metricCosts: cost } }),
    responses: { default: { description: 'What the API answers.' } },
  };
}
