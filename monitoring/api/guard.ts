import type { IncomingMessage } from 'node:http';
import { showValue } from '../../base/errors.ts';
import { apiErrors } from '../errors.ts';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
const READING = new Set(['GET', 'HEAD']);

/**
 * Refuses what a page of another site can make a browser send. Listening on loopback alone does not: any page may post there, and
 * one whose name is made to point at loopback may read, too. So the host must be loopback by name, and whatever changes something
 * and says where it comes from must come from this server's own pages. Throws `foreign_request`.
 */
export function refuseForeign({ method = '', headers }: Pick<IncomingMessage, 'method' | 'headers'>): void {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (!LOOPBACK.test(host)) {
    refuse(`The host is ${showValue(host)}, and only loopback is served: ask for 127.0.0.1 or localhost`);
  }
  if (READING.has(method)) return;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    refuse(
      `The request comes from a page of ${showValue(origin)}, and only pages of http://${host} may change anything`,
    );
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    refuse(`The request comes from a page of another site (${showValue(site)}), which may not change anything`);
  }
}

function refuse(detail: string): never {
  throw apiErrors.error('foreign_request', detail);
}
