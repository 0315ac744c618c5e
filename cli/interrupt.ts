/** A signal that aborts on the first Ctrl-C or SIGTERM; a second one ends the process as if nobody listened. Dispose of it. */
export function createInterrupt(): { signal: AbortSignal; [Symbol.dispose](): void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  function stopListening(): void {
    for (const signal of signals) process.removeListener(signal, interrupt);
  }
  function interrupt(): void {
    stopListening();
    controller.abort();
  }
  for (const signal of signals) process.on(signal, interrupt);
  return { signal: controller.signal, [Symbol.dispose]: stopListening };
}
