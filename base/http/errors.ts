import { errorTable } from '../errors.ts';

/** What can go wrong between a client and any of our HTTP servers, whatever is served. */
export const httpErrors = errorTable({
  bad_request: { status: 400, exitCode: 1, title: 'The request is not valid' },
  body_empty: { status: 400, exitCode: 1, title: 'The body is empty' },
  body_not_json: { status: 400, exitCode: 1, title: 'The body is not JSON' },
  body_too_deep: { status: 400, exitCode: 1, title: 'The body nests too deeply' },
  unauthorized: { status: 401, exitCode: 1, title: 'Credentials are missing or wrong' },
  forbidden: { status: 403, exitCode: 1, title: 'Not allowed' },
  not_found: { status: 404, exitCode: 1, title: 'There is nothing here' },
  method_not_allowed: { status: 405, exitCode: 1, title: 'This method is not offered here' },
  request_timeout: { status: 408, exitCode: 1, title: 'The request did not arrive in time' },
  body_too_large: { status: 413, exitCode: 1, title: 'The body is too large' },
  unsupported_media_type: { status: 415, exitCode: 1, title: 'The content type is not understood' },
  rate_limited: { status: 429, exitCode: 1, title: 'Too many requests' },
  headers_too_large: { status: 431, exitCode: 1, title: 'The headers are too large' },
  internal: { status: 500, exitCode: 1, title: 'The server failed' },
  unavailable: { status: 503, exitCode: 1, title: 'Not able to serve now' },
  port_in_use: { status: 503, exitCode: 1, title: 'The port is taken' },
});
