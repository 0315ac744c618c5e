import { parseAst } from 'rolldown/parseAst';

/**
 * The same module, with each function in brackets. V8 compiles such a one at once, so that Node's compile cache holds it; of others the
 * cache holds nothing, and each is parsed and compiled again in every process that calls it. Functions that are declared become
 * variables at the top, for a declaration takes no brackets: they are there as early as they were. Methods take none either.
 *
 * @see https://v8.dev/blog/preparser#pife
 */
export function packEagerly(code: string): string {
  const { body, hashbang } = parseAst(code);
  const edits: Edit[] = functionsIn(body).flatMap(({ start, end }) => [
    { at: start, text: '(' },
    { at: end, text: ')' },
  ]);
  edits.sort((a, b) => a.at - b.at);
  const declared = body.flatMap(node =>
    node.type === 'FunctionDeclaration' && node.id ? [{ ...node, id: node.id }] : [],
  );
  const functions = declared.map(({ start, end, id }) => `var ${id.name} = (${edited(code, edits, start, end)});\n`);
  const top = body.findLast(({ type }) => type === 'ImportDeclaration')?.end ?? hashbang?.end ?? 0;
  let rest = '';
  let from = top;
  for (const { start, end } of declared) {
    rest += edited(code, edits, from, start);
    from = end;
  }
  return `${code.slice(0, top)}\n${functions.join('')}${rest}${edited(code, edits, from, code.length)}`;
}

type Edit = { at: number; text: string };
type Span = { start: number; end: number };
type Node = Span & { type: string; method?: boolean; kind?: string };

/** All that are expressions, the inner ones too. */
function functionsIn(value: unknown, parent?: Node): Span[] {
  if (Array.isArray(value)) return value.flatMap(item => functionsIn(item, parent));
  if (!isNode(value)) return [];
  const inner = Object.values(value).flatMap(item => functionsIn(item, value));
  const isFunction = value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression';
  return isFunction && !isMethod(parent) ? [value, ...inner] : inner;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** `m() {}`, `get m() {}` and the like, in classes and objects: no expression stands there. */
function isMethod(parent: Node | undefined): boolean {
  if (parent?.type === 'Property') return parent.method === true || parent.kind !== 'init';
  return parent?.type === 'MethodDefinition';
}

/** A part of the code with the edits that fall into it. */
function edited(code: string, edits: readonly Edit[], start: number, end: number): string {
  let text = '';
  let from = start;
  for (const { at, text: added } of edits) {
    if (at < start || at > end) continue;
    text += code.slice(from, at) + added;
    from = at;
  }
  return text + code.slice(from, end);
}
