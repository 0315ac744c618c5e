import http, { type RefinedResponse } from 'k6/http';
import type { Settings } from './settings.ts';
import { traceparentOf } from './trace.ts';

// By default k6 counts every 4xx as a failed request, which no SLO does.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 499 }));

export type Answer = RefinedResponse<'text'>;

/** A request, and by which run and number its trace is found. */
export type Request = {
  method: string;
  url: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
  run: string;
  number: number;
};

type Credentials = Partial<Pick<Settings, 'apiKey' | 'bearer'>>;

/** A request as k6 takes it: with the key, marked as no user's, and as the start of a trace that is kept. */
export function toK6({ apiKey, bearer }: Credentials, request: Request) {
  const { method, url, body = null, headers, tags = {}, run, number } = request;
  const common = {
    'x-synthetic': 'true',
    traceparent: traceparentOf(run, number),
    ...(body !== null && { 'content-type': 'application/json' }),
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  const text = body === null ? null : JSON.stringify(body);
  const params = { headers: { ...common, ...headers }, tags: { name: method, ...tags }, responseType: 'text' as const };
  return { method, url, body: text, params };
}

/** Sends one request. */
export function send(settings: Credentials, request: Request): Answer {
  const { method, url, body, params } = toK6(settings, request);
  return http.request(method, url, body, params);
}

/** Whether the server answered at all, be it with a refusal: no answer and a 5xx are what availability counts as bad. */
export function isAnswered({ status }: Pick<Answer, 'status'>): boolean {
  return status > 0 && status < 500;
}
