/** Middle of the numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** The smallest number that at least the share `q` of them does not exceed. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** `0.87 (0.85–0.89)`: the median, and the quartiles, which one disturbed round does not move. */
export function withSpread(numbers: readonly number[], digits = 2): string {
  const [low, high] = [quantile(numbers, 0.25), quantile(numbers, 0.75)];
  return `${median(numbers).toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
