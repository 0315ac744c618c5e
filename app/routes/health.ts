import { httpErrors } from '../../base/http/errors.ts';
import { answerJson } from '../answer.ts';
import { defineRoute, type Route } from '../route.ts';
import { state } from '../schemas.ts';

/** Alive, and able to serve; both under a second name. */
export function healthRoutes({ isReady }: { isReady: () => boolean }): Route[] {
  const health = ['health', 'healthz'].map(name =>
    defineRoute({
      method: 'get',
      path: `/${name}`,
      name,
      group: 'Operations',
      summary: 'Whether the process is alive',
      access: 'open',
      answers: { 200: { description: 'It is.', schema: state } },
      handle: ctx => answerJson(ctx, '{"status":"ok"}'),
    }),
  );
  const ready = ['ready', 'readyz'].map(name =>
    defineRoute({
      method: 'get',
      path: `/${name}`,
      name,
      group: 'Operations',
      summary: 'Whether it is able to serve',
      access: 'open',
      answers: { 200: { description: 'It is.', schema: state } },
      fails: [503],
      handle(ctx) {
        if (!isReady()) throw httpErrors.error('unavailable', 'Not ready: starting, draining, or too far behind');
        answerJson(ctx, '{"status":"ready"}');
      },
    }),
  );
  return [...health, ...ready];
}
