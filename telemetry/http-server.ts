import { performance } from 'node:perf_hooks';
import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Context, Middleware } from 'koa';
import type { AttributesOf } from './signal-types.ts';
import { httpMethods, type Instruments, type signals } from './signals.ts';

type Method = (typeof httpMethods)[number];
type Settings = { tracer: Tracer; instruments: Pick<Instruments, 'httpServerDuration'> };
type Started = { span: Span; method: Method; scheme: 'http' | 'https'; synthetic: boolean; atMs: number };

const methods: ReadonlySet<string> = new Set(httpMethods);

/**
 * Makes the server span and the duration of every request, by OpenTelemetry's semantic conventions for HTTP. It must be the
 * first middleware. A request lasts until its last byte is sent, so a streamed body counts whole; one cut off before that,
 * by either side, has the `error.type` `aborted`. Requests with the header `x-synthetic: true` are marked `synthetic`.
 *
 * @example
 * app.use(traceRequests({ tracer: telemetry.tracer, instruments: telemetry.instruments }));
 */
export function traceRequests(settings: Settings): Middleware {
  return function traceRequests(ctx, next) {
    const parent = propagation.extract(ROOT_CONTEXT, ctx.req.headers);
    const started = start(settings.tracer, ctx, parent);
    ctx.res.once('close', () => finish(settings, ctx, started));
    return context.with(trace.setSpan(parent, started.span), next);
  };
}

function start(tracer: Tracer, ctx: Context, parent: typeof ROOT_CONTEXT): Started {
  const method = methods.has(ctx.method) ? (ctx.method as Method) : '_OTHER';
  const scheme = ctx.protocol === 'https' ? 'https' : 'http';
  const { 'user-agent': userAgent, 'x-synthetic': syntheticHeader } = ctx.req.headers;
  const synthetic = syntheticHeader === 'true';
  const attributes: Attributes = { 'http.request.method': method, 'url.path': ctx.path, 'url.scheme': scheme };
  if (ctx.querystring !== '') attributes['url.query'] = ctx.querystring;
  if (userAgent !== undefined) attributes['user_agent.original'] = userAgent;
  if (method === '_OTHER') attributes['http.request.method_original'] = ctx.method;
  if (synthetic) attributes.synthetic = 'true';
  const span = tracer.startSpan(spanName(method), { kind: SpanKind.SERVER, attributes }, parent);
  return { span, method, scheme, synthetic, atMs: performance.now() };
}

function finish({ instruments }: Settings, ctx: Context, { span, method, scheme, synthetic, atMs }: Started): void {
  const { res } = ctx;
  const attributes: AttributesOf<(typeof signals)['httpServerDuration']> = {
    'http.request.method': method,
    'url.scheme': scheme,
  };
  const route: unknown = ctx._matchedRoute;
  if (typeof route === 'string') {
    attributes['http.route'] = route;
    span.setAttribute('http.route', route);
    span.updateName(`${spanName(method)} ${route}`);
  }
  if (res.headersSent) {
    attributes['http.response.status_code'] = res.statusCode;
    span.setAttribute('http.response.status_code', res.statusCode);
  }
  const errorType = errorTypeOf(res);
  if (errorType !== undefined) {
    attributes['error.type'] = errorType;
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  if (synthetic) attributes.synthetic = 'true';
  span.end();
  instruments.httpServerDuration.record((performance.now() - atMs) / 1000, attributes);
}

function errorTypeOf(res: Context['res']): string | undefined {
  if (res.headersSent && res.statusCode >= 500) return String(res.statusCode);
  return res.writableFinished ? undefined : 'aborted';
}

function spanName(method: Method): string {
  return method === '_OTHER' ? 'HTTP' : method;
}
