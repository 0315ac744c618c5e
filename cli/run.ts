import { Command } from 'commander';
import { type Io, reportFailure } from './output.ts';
import { ownVersion } from './version.ts';

/** Commands by name. Each is imported only when it is asked for. */
export type Commands = Readonly<Record<string, { description: string; load(io: Io): Promise<Command> }>>;

/**
 * Runs one command line and resolves with its exit code; nothing is thrown, what fails is said on stderr.
 *
 * @param argv what follows `burnline`
 */
export async function run(argv: readonly string[], io: Io, commands: Commands): Promise<0 | 1 | 2 | 3> {
  const asked = argv[0] === 'help' ? argv[1] : argv[0];
  const isKnown = asked !== undefined && Object.hasOwn(commands, asked);
  // Help about a command that is not there is a command that is not there.
  const line = argv[0] === 'help' && asked !== undefined && !isKnown ? argv.slice(1) : argv;
  const commandName = isKnown ? `burnline ${asked}` : 'burnline';
  try {
    const program = await createProgram(asked, io, commands);
    await program.parseAsync(line, { from: 'user' });
    return 0;
  } catch (error) {
    return reportFailure(io, commandName, error);
  }
}

async function createProgram(asked: string | undefined, io: Io, commands: Commands): Promise<Command> {
  const program = new Command('burnline')
    .description('SLOs written in TypeScript guard a records platform, on a laptop first.')
    .addHelpText('after', '\nExamples:\n  burnline init\n  burnline check\n  burnline generate --check')
    .version(ownVersion(), '--version', 'say which version this is')
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
