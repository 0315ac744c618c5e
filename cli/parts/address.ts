import type { Settings } from '../settings.ts';
import type { Process } from './part.ts';

const VARIABLES = { api: 'BURNLINE_API_PORT', ingest: 'BURNLINE_INGEST_PORT', worker: 'PORT', prober: 'PORT' } as const;

/**
 * Where a process listens. In a container of one service, which `PORT` marks, on every address at that port; else on loopback.
 */
export function addressOf(part: Process, { servicePort, apiPort, ingestPort }: Settings, only?: Process) {
  if (only !== undefined && servicePort !== undefined)
    return { host: '0.0.0.0', port: servicePort, portVariable: 'PORT' };
  const port = { api: apiPort, ingest: ingestPort, worker: 0, prober: 0 }[part];
  return { port, portVariable: VARIABLES[part] };
}
