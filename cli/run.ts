import { Command } from 'commander';
import { commands } from './commands.ts';
import { type Io, reportFailure } from './output.ts';

/**
 * Runs one command line and resolves with its exit code; nothing is thrown, what fails is said on stderr.
 *
 * @param argv what follows `burnline`
 */
export async function run(argv: readonly string[], io: Io): Promise<0 | 1 | 2 | 3> {
  const asked = argv[0] === 'help' ? argv[1] : argv[0];
  const commandName = asked !== undefined && Object.hasOwn(commands, asked) ? `burnline ${asked}` : 'burnline';
  try {
    const program = await createProgram(asked, io);
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    return reportFailure(io, commandName, error);
  }
}

async function createProgram(asked: string | undefined, io: Io): Promise<Command> {
  const program = new Command('burnline')
    .description('SLOs written in TypeScript guard a records platform, on a laptop first.')
    .addHelpText('after', '\nExample:\n  burnline up\n  burnline publish --count 1000 --poison 5%')
    .exitOverride()
    // `reportFailure` is the one place that says what went wrong.
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
      outputError: () => {},
    });
  for (const [name, { description, load }] of Object.entries(commands)) {
    if (name === asked) {
      program.addCommand((await load(io)).name(name).description(description).copyInheritedSettings(program));
    } else {
      program.command(name).description(description).usage('[options]');
    }
  }
  return program;
}
