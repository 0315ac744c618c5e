/** A request as a fake API sees it; the path has no query. */
export type FakeRequest = {
  method: string;
  api: string;
  path: string;
  query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  body: any;
  authorization: string;
};
export type FakeAnswer = { status: number; body?: unknown };
export type FakeApi = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;

/** What fake APIs share. */
export type FakeState = {
  /** Whether a fact is otherwise. */
  isOtherwise(fact: string): boolean;
  /** What was made and is not deleted, by the path that deletes it. */
  made: Map<string, unknown>;
  url: string;
};

export const refused = (message: string, status = 400): FakeAnswer => ({ status, body: { error: { message } } });
export const ok = (body: unknown = {}): FakeAnswer => ({ status: 200, body });
