import { Router, type RouterMiddleware } from '@koa/router';
import Koa, { type Context } from 'koa';
import { type Clock, systemClock } from '../base/clock.ts';
import { readJsonBody } from '../base/http/body.ts';
import { httpErrors } from '../base/http/errors.ts';
import { answerProblems, writeProblem } from '../base/http/problem.ts';
import { securityHeaders } from '../base/http/security-headers.ts';
import { limits } from '../base/limits.ts';
import { nowMicros } from '../base/time.ts';
import type { Publisher } from '../records/topic.ts';
import { traceRequests } from '../telemetry/http-server.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { readEnvelope } from './envelope.ts';
import { ingestErrors } from './errors.ts';
import { orNotStored } from './or-not-stored.ts';
import { createTracedPublisher } from './publish.ts';
import { readPublishRequest } from './publish-request.ts';
import type { Authenticate } from './push-auth.ts';
import type { Receiver } from './receive.ts';

const RETRY_AFTER_SECONDS = '5';

type NamedTopic = Publisher & { readonly name: string };

/**
 * The HTTP face of ingest: `POST /` takes Pub/Sub's push and answers 204 once the message is durable, as a record or as a dead
 * letter; 503 where it could not be stored, and then it comes again. With a `topic`, which only the embedded one is, Pub/Sub's
 * REST publish is served too, behind the same authentication.
 */
export function createPushApp({
  receiver,
  authenticate,
  log,
  telemetry,
  isReady,
  topic,
  clock = systemClock,
}: {
  receiver: Receiver;
  authenticate: Authenticate;
  log: Pick<Logger, 'error' | 'warn'>;
  telemetry?: Pick<Telemetry, 'tracer' | 'instruments'>;
  isReady: () => boolean;
  topic?: NamedTopic;
  clock?: Clock;
}): Koa {
  const router = new Router({ strict: true, sensitive: true });
  const admit: RouterMiddleware = async (ctx, next) => {
    requireReady(isReady);
    await authenticate(ctx.get('authorization') || undefined);
    await next();
  };

  for (const path of ['/health', '/healthz']) {
    router.get(path, ctx => {
      ctx.body = { status: 'ok' };
    });
  }
  for (const path of ['/ready', '/readyz']) {
    router.get(path, ctx => {
      requireReady(isReady);
      ctx.body = { status: 'ready' };
    });
  }
  router.post('/', admit, async ctx => {
    const body = await readJsonBody(ctx, { bytesMax: limits.push_body_bytes_max });
    const envelope = readEnvelope(body, nowMicros(clock));
    await orNotStored(() =>
      'message' in envelope
        ? receiver.receive([envelope.message], 'push')
        : receiver.refuse(envelope.deadLetter, 'push'),
    );
    ctx.status = 204;
  });
  if (topic) {
    const publisher = telemetry ? createTracedPublisher({ publisher: topic, topicName: topic.name, telemetry }) : topic;
    router.post('/v1/projects/:project/topics/:topic\\:publish', admit, async ctx => {
      requireTopic(ctx.params.topic, topic.name);
      const { json } = await readJsonBody(ctx, { bytesMax: limits.publish_body_bytes_max });
      const messages = readPublishRequest(json);
      ctx.body = { messageIds: await orNotStored(() => publisher.publish(messages)) };
    });
  }

  const app = new Koa();
  app.on('error', (error: unknown, ctx?: Context) =>
    log.warn({ err: error, path: ctx?.path }, 'An answer was cut off'),
  );
  if (telemetry) app.use(traceRequests(telemetry));
  app.use(answerProblems({ log, write: writeWithHints }));
  app.use(securityHeaders());
  app.use(router.routes());
  return app;
}

function requireReady(isReady: () => boolean): void {
  if (!isReady()) throw httpErrors.error('unavailable', 'Not ready: starting or draining. Send it again');
}

function requireTopic(asked: string | undefined, name: string): void {
  if (asked === name) return;
  throw ingestErrors.error('topic_unknown', `There is no topic ${JSON.stringify(asked)} here: publish to "${name}"`);
}

function writeWithHints(ctx: Context, details: Parameters<typeof writeProblem>[1]): void {
  if (details.status === 503) ctx.set('Retry-After', RETRY_AFTER_SECONDS);
  if (details.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  writeProblem(ctx, details);
}
