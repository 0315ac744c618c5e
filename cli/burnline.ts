#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

const NODE_OLDEST = [24, 12] as const;

// First of all, so that everything imported from here on comes from the cache.
module.enableCompileCache();

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor < NODE_OLDEST[1])) {
  process.stderr.write(`burnline: needs Node ${NODE_OLDEST.join('.')} or later, and this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  // A reader such as `head` that has seen enough is no failure.
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit();
    throw error;
  });
  const { run } = await import('./run.ts');
  process.exitCode = await run(process.argv.slice(2), process);
}
