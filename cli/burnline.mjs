#!/usr/bin/env node
// The command of a clone. Plain JavaScript, as setup.mjs is: also a Node that runs no TypeScript, and a clone without its packages, say
// what to do.
import { fileURLToPath } from 'node:url';

try {
  await import('./burnline.ts');
} catch (error) {
  if (!isNotSetUp(error)) throw error;
  const root = fileURLToPath(new URL('..', import.meta.url));
  process.stderr.write(
    `burnline: the clone in ${root} is not set up for Node ${process.versions.node}: run node cli/setup.mjs in it\n`,
  );
  process.exitCode = 1;
}

function isNotSetUp({ code, message }) {
  return (
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ||
    (code === 'ERR_MODULE_NOT_FOUND' && message.startsWith('Cannot find package'))
  );
}
