/** Settles as `work` does, or rejects with `late()` after `ms`; work that is late goes on, unheard. */
export function within<Result>(ms: number, work: () => Promise<Result>, late: () => Error): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    Promise.resolve()
      .then(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
