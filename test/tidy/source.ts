import { parseSync, Visitor } from 'oxc-parser';

/** What the checks need to know of one file of code. */
export type Source = {
  /** What it imports or exports again, types too, as written; `import(…)` of anything but a plain string as its source text. */
  imports: { specifier: string; line: number }[];
  /** The lines that use `console`. */
  consoleLines: number[];
};

/** Reads one file of TypeScript or JavaScript. Throws where it does not parse. */
export function readSource(file: string, text: string): Source {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const imports: Source['imports'] = [];
  const consoleLines: number[] = [];
  const lineOf = (at: number) => text.slice(0, at).split('\n').length;

  function addImport(source: { type: string; start: number; end: number; value?: unknown } | null): void {
    if (!source) return;
    const specifier = typeof source.value === 'string' ? source.value : text.slice(source.start, source.end);
    imports.push({ specifier, line: lineOf(source.start) });
  }

  new Visitor({
    ImportDeclaration: node => addImport(node.source),
    ExportNamedDeclaration: node => addImport(node.source),
    ExportAllDeclaration: node => addImport(node.source),
    ImportExpression: node => addImport(node.source),
    TSImportType: node => addImport(node.source),
    MemberExpression: node => {
      if (node.object.type === 'Identifier' && node.object.name === 'console') consoleLines.push(lineOf(node.start));
    },
  }).visit(program);
  return { imports, consoleLines };
}
