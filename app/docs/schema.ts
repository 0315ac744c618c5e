import { type Html, html } from './html.ts';
import { prose } from './prose.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a schema is, in a few words, with a link where it has a name: `array of Record`, `string, at most 512 characters`. */
export function describeType(schema: Schema): Html {
  const ref = schema.$ref as string | undefined;
  if (ref !== undefined) {
    const name = ref.split('/').at(-1) ?? '';
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const items = schema.items as Schema | undefined;
  if (items) return html`array of ${describeType(items)}`;
  const type = (schema.format ?? schema.type ?? 'anything') as string;
  const rules = rulesOf(schema);
  return html`<span class="type">${type}</span>${rules.length > 0 && html` <span class="rules">${rules.join(', ')}</span>`}`;
}

function rulesOf(schema: Schema): string[] {
  const { minLength, maxLength, minimum, maximum, enum: values, default: fallback, nullable } = schema;
  const bounded = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  return [
    ...(typeof minLength === 'number' && minLength > 0 ? ['not empty'] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER
      ? []
      : [bounded ? `${minimum} to ${maximum}` : `from ${minimum}`]),
    ...(Array.isArray(values) ? [values.map(String).join(' | ')] : []),
    ...(fallback === undefined ? [] : [`default ${fallback}`]),
    ...(nullable === true ? ['or null'] : []),
  ];
}

/** A named schema as a table of its fields. */
export function schemaSection(name: string, schema: Schema): Html {
  const required = (schema.required ?? []) as readonly string[];
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Schema>>);
  const heading = html`<h3 id="schema-${name}"><a href="#schema-${name}">${name}</a></h3>`;
  if (properties.length === 0) return html`<section class="schema">${heading}<p>${describeType(schema)}</p></section>`;
  const rows = properties.map(
    ([field, property]) => html`<tr>
      <th scope="row"><code>${field}</code>${required.includes(field) && html` <em>required</em>`}</th>
      <td>${describeType(property)}</td>
      <td>${prose(property.description as string | undefined)}</td>
    </tr>`,
  );
  return html`<section class="schema">${heading}<div class="wide"><table><tbody>${rows}</tbody></table></div></section>`;
}
