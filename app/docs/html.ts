const made = Symbol('html');

/** Markup that is safe to put into a page as it is. */
export type Html = { [made]: string };

type Value = string | number | Html | undefined | false | readonly Value[];

/**
 * Writes markup; whatever is put in is escaped, but markup made the same way. Nothing is written for `undefined` and `false`.
 *
 * @example html`<p>${text}</p>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [made]: parts.map((part, index) => part + render(values[index])).join('') };
}

/** The markup as text. */
export function toText(markup: Html): string {
  return markup[made];
}

function render(value: Value): string {
  if (value === undefined || value === false) return '';
  if (isList(value)) return value.map(render).join('');
  return typeof value === 'object' ? value[made] : escapeText(String(value));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] as string);
}
