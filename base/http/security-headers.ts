import type { Middleware } from 'koa';

const HEADERS = Object.entries({
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Strict-Transport-Security': 'max-age=31536000',
  'Cache-Control': 'no-store',
});

/** Headers under which no browser shows, frames, sniffs or stores an answer; a route may loosen its own. */
export function securityHeaders(): Middleware {
  return function securityHeaders({ res }, next) {
    for (const [name, value] of HEADERS) res.setHeader(name, value);
    return next();
  };
}
