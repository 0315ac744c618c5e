import { readFile } from 'node:fs/promises';
import type { Context } from 'koa';
import { answerCacheable } from '../answer.ts';
import type { OpenApi } from '../openapi.ts';
import { defineRoute, type Route } from '../route.ts';
import { index } from '../schemas.ts';

const PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const LINKS = {
  records: '/records',
  data: '/data',
  deadLetters: '/dead-letters',
  openapi: '/openapi.json',
  docs: '/docs',
};
const NOT_MODIFIED = { 304: { description: 'The client has this already (`If-None-Match`).' } };
const INDEX = JSON.stringify({ name: 'Burnline records API', links: LINKS });

/** What tells about the API; each is made when it is first asked for. */
export function documentRoutes({ openApi }: { openApi: () => OpenApi }): Route[] {
  const document = lazy(openApi);
  const json = lazy(() => JSON.stringify(document()));
  const style = lazy(() => readFile(new URL('../docs/docs.css', import.meta.url), 'utf8'));
  const open = { method: 'get', group: 'Operations', access: 'open' } as const;
  return [
    defineRoute({
      ...open,
      path: '/',
      name: 'index',
      summary: 'Where to go from here',
      answers: { 200: { description: 'Links.', schema: index }, ...NOT_MODIFIED },
      handle: ctx => answerCacheable(ctx, INDEX),
    }),
    defineRoute({
      ...open,
      path: '/openapi.json',
      name: 'openapi',
      summary: 'This API as an OpenAPI 3.0.3 document',
      answers: { 200: { description: 'The document.' }, ...NOT_MODIFIED },
      handle: ctx => answerCacheable(ctx, json()),
    }),
    defineRoute({
      ...open,
      path: '/docs',
      name: 'docs',
      summary: 'The same document as a page',
      answers: { 200: { description: 'The page.', type: 'text/html' }, ...NOT_MODIFIED },
      async handle(ctx: Context) {
        ctx.set('Content-Security-Policy', PAGE_POLICY);
        const { docsPage } = await import('../docs/page.ts');
        answerCacheable(ctx, docsPage(document(), originOf(ctx)), 'text/html; charset=utf-8');
      },
    }),
    defineRoute({
      ...open,
      path: '/docs/docs.css',
      name: 'docsStyle',
      summary: 'The style of that page',
      answers: { 200: { description: 'The style sheet.', type: 'text/css' }, ...NOT_MODIFIED },
      handle: async ctx => answerCacheable(ctx, await style(), 'text/css; charset=utf-8'),
    }),
  ];
}

/** The server as its client names it. A name that a shell would read otherwise stands in no command: then its address does. */
function originOf({ protocol, host, req: { socket } }: Context): string {
  const isPlain = /^[\w.:[\]-]+$/.test(host);
  return `${protocol}://${isPlain ? host : `${socket.localAddress}:${socket.localPort}`}`;
}

function lazy<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
