import { type ResolveFnOutput, registerHooks } from 'node:module';

/**
 * Imports as if `package.json` said `"type": "module"`. Without it, or with `"commonjs"`, Node warns of every spec or refuses its
 * imports, and a user's repository need not be changed for the sake of its specs.
 */
export async function asModules<Result>(work: () => Promise<Result>): Promise<Result> {
  const resolved = new Map<string, ResolveFnOutput>();
  const hooks = registerHooks({
    // What a file imports, the others of its folder find at the same place, in the same way: of many specs that saves most of the search.
    resolve(specifier, context, next) {
      const key = `${context.parentURL?.replace(/[^/]*$/, '')} ${specifier} ${context.conditions}`;
      const known = resolved.get(key);
      if (known !== undefined) return known;
      const found = { ...next(specifier, context), shortCircuit: true };
      resolved.set(key, found);
      return found;
    },
    load(url, context, next) {
      const isOther =
        url.includes('/node_modules/') || (context.format ?? 'commonjs-typescript') !== 'commonjs-typescript';
      if (!isOther && url.endsWith('.ts')) return next(url, { ...context, format: 'module-typescript' });
      if (url.endsWith('.slo.js')) return next(url, { ...context, format: 'module' });
      return next(url, context);
    },
  });
  try {
    return await work();
  } finally {
    hooks.deregister();
  }
}
