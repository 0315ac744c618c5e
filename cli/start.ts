import module from 'node:module';
import process from 'node:process';
import type { Commands } from './run.ts';

const NODE_OLDEST = [24, 12] as const;

/** Runs the command line of this process with some commands. What is imported from here on comes from the compile cache. */
export async function start(load: () => Promise<Commands>): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor < NODE_OLDEST[1])) {
    process.stderr.write(`burnline: needs Node ${NODE_OLDEST.join('.')} or later, and this is ${process.version}.\n`);
    process.exitCode = 1;
    return;
  }
  module.enableCompileCache();
  // A reader such as `head` that has seen enough is no failure.
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit();
    throw error;
  });
  const [commands, { run }] = await Promise.all([load(), import('./run.ts')]);
  process.exitCode = await run(process.argv.slice(2), process, commands);
  // The timers of an exporter would hold the process, and to take all down, as Node does by itself, takes longer than most commands.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit();
}

/** Resolves once all that was written is out. Where it cannot be, the stream tells its error, and that ends the process. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.write('', error => error || resolve());
  });
}
