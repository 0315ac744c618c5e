import type { OpenApi, Operation } from '../openapi.ts';
import { type Html, html, toText } from './html.ts';
import { operationSection } from './operation.ts';
import { prose } from './prose.ts';
import { schemaSection } from './schema.ts';

type Entry = { path: string; method: string; operation: Operation };

/** The OpenAPI document as one page to read: no script, one style sheet. Its commands go to the server at `origin`. */
export function docsPage({ info, paths, components }: OpenApi, origin: string): string {
  const entries = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = Object.entries(Object.groupBy(entries, ({ operation }) => operation.tags[0] ?? ''));
  const schemas = Object.entries(components.schemas);
  const page = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${info.title}</title>
  <link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
  <nav aria-label="Contents">
    <p class="brand">${info.title}</p>
    <details>
      <summary>Contents</summary>
      ${groups.map(([group, of = []]) => navigation(group, of))}
      <h2><a href="#schemas">Schemas</a></h2>
      <ul>${schemas.map(([name]) => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul>
    </details>
  </nav>
  <main>
    <header>
      <h1>${info.title} <small>${info.version}</small></h1>
      <p>${prose(info.description)}</p>
      <p>The same as a document for tools: <a href="/openapi.json">openapi.json</a>. Failures are
        <a href="#schema-Problem">problems</a> by RFC 9457, and name the field, the value and the rule.</p>
      ${components.securitySchemes && html`<p>Send your key as <code>X-API-Key</code> or as a bearer token.</p>`}
    </header>
    ${groups.map(([group, of = []]) => section(origin, group, of))}
    <section><h2 id="schemas">Schemas</h2>${schemas.map(([name, schema]) => schemaSection(name, schema))}</section>
  </main>
</body>
</html>
`;
  return toText(page);
}

function navigation(group: string, entries: readonly Entry[]): Html {
  const links = entries.map(
    ({ path, method, operation }) =>
      html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</a></li>`,
  );
  return html`<h2>${group}</h2><ul>${links}</ul>`;
}

function section(origin: string, group: string, entries: readonly Entry[]): Html {
  const articles = entries.map(({ path, method, operation }) => operationSection({ origin, path, method, operation }));
  return html`<section><h2>${group}</h2>${articles}</section>`;
}
