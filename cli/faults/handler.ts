import type { RequestListener } from 'node:http';
import { Router } from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { z } from 'zod';
import { type Duration, secondsOf } from '../../base/durations.ts';
import { describeProblems, showValue } from '../../base/errors.ts';
import { readJsonBody } from '../../base/http/body.ts';
import { httpErrors } from '../../base/http/errors.ts';
import { toFailure } from '../../monitoring/api/failure.ts';
import { cliErrors } from '../errors.ts';
import type { FlagState, Flags } from './flags.ts';
import { type FlagName, type FlagSpec, flagNames, flagTable } from './table.ts';

const BODY_BYTES_MAX = 4096;
const KNOWN = flagNames.join(', ');

const DURATION_RULE = 'must be a duration such as 10m';

const bodySchema = z.strictObject(
  {
    name: z.enum(flagNames, `must be one of ${KNOWN}`),
    value: z.number('must be a number, or left out').optional(),
    for: z.string(DURATION_RULE).transform(toSeconds).optional(),
  },
  'must be an object of name, value and for',
);

/**
 * Answers `GET /flags`, `POST /flags` with `{ "name": "api-errors", "value": 0.5, "for": "10m" }` (without a value it is the flag's
 * own), and `DELETE /flags/:name`: all flags with what there is to know of each, or the one that was set, which says whether the platform is one `--as-google`. Errors
 * are in the shape of Google's APIs, as on the rest of the port. Who may ask is for whoever mounts it to say.
 */
export function createFlagsHandler({ flags, asGoogle }: { flags: Flags; asGoogle: boolean }): RequestListener {
  const router = new Router();
  router.get('/flags', ctx => {
    ctx.body = { flags: flags.list().map(withFacts) };
  });
  router.post('/flags', async ctx => {
    const { json } = await readJsonBody(ctx, { bytesMax: BODY_BYTES_MAX });
    const { name, value = flagTable[name].value, for: forSeconds } = readBody(json);
    ctx.body = { ...flags.set(name, value, forSeconds), asGoogle };
  });
  router.delete('/flags/:name', ctx => {
    ctx.body = flags.set(knownName(ctx.params.name), undefined);
  });
  const app = new Koa();
  app.use(answerFailures).use(router.routes());
  app.use(({ method, path }) => {
    const takes = '/flags takes GET and POST, and /flags/NAME takes DELETE';
    throw httpErrors.error('not_found', `${takes}: there is no ${method} ${path}`);
  });
  return app.callback();
}

function withFacts(state: FlagState) {
  const { does, unit, value }: FlagSpec = flagTable[state.name];
  return { ...state, isOn: state.value !== undefined, unit, default: value, description: does };
}

async function answerFailures(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const failure = toFailure(error);
    if (failure.error.code >= 500) ctx.app.emit('error', error, ctx);
    ctx.status = failure.error.code;
    ctx.body = failure;
  }
}

function readBody(json: unknown): z.output<typeof bodySchema> {
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const [field] = path;
      const value = field === undefined ? json : (json as Record<PropertyKey, unknown>)[field];
      return { field: String(field ?? 'body'), rule: message, value: showValue(value) };
    });
    throw cliErrors.error('flag_invalid', describeProblems(problems), { problems });
  }
  return parsed.data;
}

function toSeconds(text: string, { issues }: z.core.$RefinementCtx): number {
  try {
    return secondsOf(text as Duration);
  } catch {
    issues.push({ code: 'custom', message: DURATION_RULE, input: text });
    return z.NEVER;
  }
}

function knownName(name: string | undefined): FlagName {
  const known = flagNames.find(other => other === name);
  if (known !== undefined) return known;
  throw cliErrors.error('flag_missing', `there is no failure flag ${showValue(name)}: there are ${KNOWN}`);
}
