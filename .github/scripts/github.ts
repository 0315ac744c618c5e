/** A request to GitHub's REST API below `/repos/OWNER/NAME`; resolves with what the answer's JSON holds. */
export type Call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => Promise<unknown>;

/**
 * Calls with the token of a workflow's job. They reject where GitHub refuses, with what it said.
 *
 * @param options.env `GITHUB_TOKEN`, and what GitHub itself sets in each job
 */
export function createCall({ env, fetch }: { env: NodeJS.ProcessEnv; fetch: typeof globalThis.fetch }): Call {
  const need = (name: string) => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set: this runs in a job of a GitHub workflow`);
    return value;
  };
  const [root, repository, token] = [need('GITHUB_API_URL'), need('GITHUB_REPOSITORY'), need('GITHUB_TOKEN')];
  return async function call(method, path, body) {
    const answer = await fetch(`${root}/repos/${repository}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    throw new Error(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 300)}`);
  };
}
