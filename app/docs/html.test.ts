import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, toText } from './html.ts';

test('what is put in is escaped, markup made the same way is not, and lists are joined', () => {
  const items = ['<a>', '"b"'].map(text => html`<li title="${text}">${text}</li>`);
  assert.equal(
    toText(html`<ul>${items}${undefined}${false}${1}</ul>`),
    '<ul><li title="&lt;a&gt;">&lt;a&gt;</li><li title="&quot;b&quot;">&quot;b&quot;</li>1</ul>',
  );
});
