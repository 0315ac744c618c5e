import { type Html, html } from './html.ts';

/** A description with its `code` set as code. */
export function prose(text = ''): Html {
  const pieces = text.split('`').map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : piece));
  return html`${pieces}`;
}
