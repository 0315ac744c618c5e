import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './statistics.ts';

const run = promisify(execFile);

/** What a process pays for an import, with the compile cache filled: milliseconds, and megabytes resident afterwards. */
export async function measureImport(specifier: string, runs: number): Promise<{ ms: number; mb: number }> {
  const code = `
    import module from 'node:module';
    module.enableCompileCache();
    const startedAt = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify({ ms: performance.now() - startedAt, mb: process.memoryUsage.rss() / 1e6 }));
    process.exit();`;
  const measured: { ms: number; mb: number }[] = [];
  for (let n = 0; n <= runs; n += 1) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code]);
    // The first one fills the cache.
    if (n > 0) measured.push(JSON.parse(stdout));
  }
  return { ms: median(measured.map(({ ms }) => ms)), mb: median(measured.map(({ mb }) => mb)) };
}
