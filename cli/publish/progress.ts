import type { Io } from '../output.ts';
import type { Source } from './source.ts';

export type Progress = { advance(messages: number, bytes: number): void; stop(): void };

/** A progress bar on stderr, where that is a terminal and the size is known; else one that shows nothing. */
export async function startProgress(io: Io, size: Source['size']): Promise<Progress> {
  if (!io.stderr.isTTY || !size) return { advance() {}, stop() {} };
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `{bar} {percentage} % · {value} of {total} ${size.unit} · {eta_formatted} left`,
    stream: io.stderr,
    // Ctrl-C is answered by the command, which lets what is under way end.
    gracefulExit: false,
  });
  bar.start(size.total, 0);
  return {
    // A line's end is a byte of the file too.
    advance: (messages, bytes) => bar.increment(size.unit === 'messages' ? messages : messages + bytes),
    stop: () => bar.stop(),
  };
}
