import { hash } from 'node:crypto';
import type { Context } from 'koa';

/** Answers JSON that is written already. */
export function answerJson(ctx: Context, text: string, status = 200): void {
  ctx.status = status;
  ctx.res.setHeader('Content-Type', 'application/json');
  ctx.body = text;
}

/** Answers a text with an ETag over it, or 304 where the client has it. Weak, for a proxy may compress the answer. */
export function answerCacheable(ctx: Context, text: string, type = 'application/json'): void {
  const tag = `"${hash('sha256', text, 'base64url')}"`;
  ctx.status = 200;
  ctx.res.setHeader('Cache-Control', 'private, no-cache');
  ctx.res.setHeader('ETag', `W/${tag}`);
  const known = ctx.req.headers['if-none-match'];
  if (known !== undefined && names(known, tag)) {
    ctx.status = 304;
    return;
  }
  ctx.res.setHeader('Content-Type', type);
  ctx.body = text;
}

/** Koa's own `fresh` answers 200 where a client adds `Cache-Control: no-cache`, as fetch does to every If-None-Match. */
function names(known: string, tag: string): boolean {
  return known.trim() === '*' || known.split(',').some(each => each.trim().replace(/^W\//, '') === tag);
}
