// Settles on a real project what docs/unverified.md lists.
import { messageOf } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { createInterrupt } from '../../cli/interrupt.ts';
import { main } from './main.ts';

const ID_CHARACTERS = 6;

using interrupt = createInterrupt();
try {
  process.exitCode = await main(process.argv.slice(2), {
    env: process.env,
    interrupt: interrupt.signal,
    newId: () => randomId().slice(0, ID_CHARACTERS),
    now: Date.now,
    print: text => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    note: text => process.stderr.write(`${text}\n`),
  });
} catch (error) {
  process.stderr.write(`test:cloud: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
