import type { Duplex } from 'node:stream';
import type { protos } from '@google-cloud/bigquery-storage';

export type AppendRequest = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
export type AppendResponse = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;

/** One AppendRows call. */
export type AppendConnection = {
  /** False once it has failed or was closed; nothing can be sent then. */
  readonly isOpen: boolean;
  /** Resolves with the answer, whatever it says. Rejects where none came: what became of the rows is then unknown. */
  send(request: AppendRequest): Promise<AppendResponse>;
  /** Takes no more, and ends once all that is under way is answered. */
  end(): void;
};

type Waiting = { resolve(response: AppendResponse): void; reject(error: unknown): void; timer: NodeJS.Timeout };

/**
 * Wraps the stream of an AppendRows call. The API answers requests in their order, so an answer that does not come in
 * `answerMsMax` ends the call: those behind it could not be told apart any more. The library's own managed stream is not
 * used: it resolves a failed append as if it were none, mistakes answers after a failed write, and has no limits (decision 008).
 */
export function createAppendConnection(call: Duplex, { answerMsMax }: { answerMsMax: number }): AppendConnection {
  const waiting: Waiting[] = [];
  let isOpen = true;

  function fail(error: Error): void {
    isOpen = false;
    for (const { reject, timer } of waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
    call.destroy();
  }

  call.on('data', (response: AppendResponse) => {
    const next = waiting.shift();
    if (!next) return fail(new Error('An answer came that nobody waits for'));
    clearTimeout(next.timer);
    next.resolve(response);
    if (!isOpen && waiting.length === 0) call.end();
  });
  call.on('error', fail);
  for (const event of ['end', 'close']) call.on(event, () => fail(new Error('The connection was closed')));

  return {
    get isOpen() {
      return isOpen;
    },
    send: request =>
      new Promise((resolve, reject) => {
        if (!isOpen) return reject(new Error('The connection is closed'));
        const silence = new Error(`No answer came for ${answerMsMax / 1000} s`);
        waiting.push({ resolve, reject, timer: setTimeout(() => fail(silence), answerMsMax) });
        call.write(request);
      }),
    end() {
      if (!isOpen) return;
      isOpen = false;
      if (waiting.length === 0) call.end();
    },
  };
}
