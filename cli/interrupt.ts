/** npm passes a Ctrl-C on to a process that has had it from the terminal already: what follows so soon is the same one. */
const SAME_INTERRUPT_MS = 500;

/**
 * A signal that aborts on the first Ctrl-C or SIGTERM, with its name as the reason; a later one ends the process as if nobody
 * listened. Dispose of it.
 */
export function createInterrupt(): { signal: AbortSignal; [Symbol.dispose](): void } {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM'] as const;
  let firstAtMs: number | undefined;
  function stopListening(): void {
    for (const name of names) process.removeListener(name, interrupt);
  }
  function interrupt(name: NodeJS.Signals): void {
    firstAtMs ??= performance.now();
    controller.abort(name);
    if (performance.now() - firstAtMs < SAME_INTERRUPT_MS) return;
    stopListening();
    process.kill(process.pid, name);
  }
  for (const name of names) process.on(name, interrupt);
  return { signal: controller.signal, [Symbol.dispose]: stopListening };
}
