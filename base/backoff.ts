/**
 * How long to wait before the next try: doubles with each failure from `msMin` to `msMax`, and of that a random half is left
 * out, so that many who failed together do not come back together.
 *
 * @param failures 1 after the first
 */
export function backoffMs(
  failures: number,
  { msMin, msMax, random }: { msMin: number; msMax: number; random: () => number },
): number {
  return Math.min(msMax, msMin * 2 ** Math.min(failures - 1, 30)) * (0.5 + random() / 2);
}
