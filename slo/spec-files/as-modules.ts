import { type ResolveFnOutput, registerHooks } from 'node:module';

/**
 * Imports as if `package.json` said `"type": "module"`. Without it, or with `"commonjs"`, Node warns of every spec or refuses its
 * imports, and a user's repository need not be changed for the sake of its specs.
 *
 * @param files URLs of files that are known to be there, by their real paths: for them Node need not search
 */
export async function asModules<Result>(files: readonly string[], work: () => Promise<Result>): Promise<Result> {
  const known = new Set(files);
  const resolved = new Map<string, ResolveFnOutput>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const format = known.has(specifier) ? formatOf(specifier) : undefined;
      if (format !== undefined) return { url: specifier, format, shortCircuit: true };
      // What a file imports, the others of its folder find at the same place, in the same way: of many specs that saves most of the search.
      const key = `${context.parentURL?.replace(/[^/]*$/, '')} ${specifier} ${context.conditions}`;
      const before = resolved.get(key);
      if (before !== undefined) return before;
      const found = { ...next(specifier, context), shortCircuit: true };
      resolved.set(key, found);
      return found;
    },
    load: (url, context, next) => next(url, { ...context, format: formatOf(url) ?? context.format }),
  });
  try {
    return await work();
  } finally {
    hooks.deregister();
  }
}

/** What a file is loaded as where that is not for `package.json` to say. */
function formatOf(url: string): 'module-typescript' | 'module' | undefined {
  if (url.endsWith('.slo.js')) return 'module';
  // Node strips no types there.
  return url.endsWith('.ts') && !url.includes('/node_modules/') ? 'module-typescript' : undefined;
}
