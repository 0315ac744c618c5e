import { registerHooks } from 'node:module';

/**
 * Imports as if `package.json` said `"type": "module"`. Without it, or with `"commonjs"`, Node warns of every spec or refuses its
 * imports, and a user's repository need not be changed for the sake of its specs.
 */
export async function asModules<Result>(work: () => Promise<Result>): Promise<Result> {
  const hooks = registerHooks({
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
