import type { OpenApiResponse, Operation, Parameter } from '../openapi.ts';
import { curlOf } from './curl.ts';
import { type Html, html } from './html.ts';
import { prose } from './prose.ts';
import { describeType } from './schema.ts';

/** One operation: what it takes, an example to run, what it answers. */
export function operationSection(options: {
  origin: string;
  path: string;
  method: string;
  operation: Operation;
}): Html {
  const { origin, path, method, operation } = options;
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const body = requestBody?.content['application/json'];
  return html`<article id="${operationId}">
    <h3><a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></a></h3>
    <p class="summary">${summary}.</p>
    ${description !== undefined && html`<p>${prose(description)}</p>`}
    ${parameters.length > 0 && html`<h4>Parameters</h4>${table(parameters.map(parameterRow))}`}
    ${body && html`<h4>Body</h4><p>${describeType(body.schema)}${!requestBody?.required && ', may be left out'}</p>`}
    <h4>Try it</h4>
    <pre tabindex="0"><code>${curlOf(origin, method, path, operation)}</code></pre>
    <h4>Answers</h4>
    ${table(Object.entries(responses).map(responseRow))}
  </article>`;
}

function table(rows: readonly Html[]): Html {
  return html`<div class="wide"><table><tbody>${rows}</tbody></table></div>`;
}

function parameterRow({ name, in: place, description, schema }: Parameter): Html {
  return html`<tr>
    <th scope="row"><code>${name}</code> <em>${place}</em></th>
    <td>${describeType(schema)}</td>
    <td>${prose(description)}</td>
  </tr>`;
}

function responseRow([status, { description, content = {}, headers = {} }]: [string, OpenApiResponse]): Html {
  const bodies = Object.entries(content).map(
    ([type, { schema }]) => html`<div>${describeType(schema)} <span class="rules">${type}</span></div>`,
  );
  const named = Object.entries(headers).map(
    ([name, header]) => html`<div><code>${name}</code> ${prose(header.description)}</div>`,
  );
  return html`<tr>
    <th scope="row"><span class="status s${status.slice(0, 1)}">${status}</span></th>
    <td>${bodies}</td>
    <td>${prose(description)}${named}</td>
  </tr>`;
}
