import type { Settings } from '../settings.ts';
import type { Service } from './part.ts';

const VARIABLES = { api: 'BURNLINE_API_PORT', ingest: 'BURNLINE_INGEST_PORT', worker: 'PORT' } as const;

/**
 * Where a service listens. In a container of one service, which `PORT` marks, on every address at that port; else on loopback.
 */
export function addressOf(service: Service, { servicePort, apiPort, ingestPort }: Settings, only?: Service) {
  if (only !== undefined && servicePort !== undefined)
    return { host: '0.0.0.0', port: servicePort, portVariable: 'PORT' };
  const port = { api: apiPort, ingest: ingestPort, worker: 0 }[service];
  return { port, portVariable: VARIABLES[service] };
}
