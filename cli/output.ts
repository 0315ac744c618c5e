import type { Readable, Writable } from 'node:stream';
import { CommanderError, Option } from 'commander';
import { BurnlineError, messageOf } from '../base/errors.ts';

/** All that a command has of the world around it; `process` is one. */
export type Io = {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
};

export type Format = 'text' | 'json';

/** The `--format` that every command has. */
export function formatOption(): Option {
  return new Option('--format <format>', 'how to write the result').choices(['text', 'json']).default('text');
}

/** Writes a command's result to stdout: `data` as one line of JSON, or the text for people. */
export function writeResult(io: Io, format: Format, result: { data: unknown; text: string }): void {
  io.stdout.write(`${format === 'json' ? JSON.stringify(result.data) : result.text}\n`);
}

/** Writes a line that is no result, such as progress or what to do next, to stderr. */
export function writeNote(io: Io, note: string): void {
  io.stderr.write(`${note}\n`);
}

/**
 * Says on stderr why a command failed and gives its exit code. With `BURNLINE_DEBUG=1` the stack follows.
 *
 * @param commandName as typed: `burnline publish`
 */
export function reportFailure(io: Io, commandName: string, error: unknown): 0 | 1 | 2 | 3 {
  // Help and version come as errors too, already written.
  const isHelp = error instanceof CommanderError && /^commander\.(help|version)/.test(error.code);
  if (!isHelp) {
    const text = messageOf(error).replace(/^error: /, '');
    // Ours may have a line for each of several troubles.
    const message = error instanceof BurnlineError ? text : text.replaceAll(/\s*\n\s*/g, ' ');
    const hint = error instanceof CommanderError ? `; see ${commandName} --help` : '';
    writeNote(io, `${commandName}: ${message}${hint}`);
    if (io.env.BURNLINE_DEBUG === '1' && error instanceof Error) writeNote(io, withCauses(error));
  }
  if (error instanceof BurnlineError) return error.row.exitCode;
  return error instanceof CommanderError && error.exitCode === 0 ? 0 : 1;
}

function withCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${withCauses(error.cause)}` : '';
  return `${error.stack}${cause}`;
}
