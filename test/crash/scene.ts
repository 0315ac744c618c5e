import type { Accepted, Books } from './ledger.ts';

/** Where a load is sent; a message goes to `${topicUrl}:publish`. */
export type Target = { apiUrl: string; ingestUrl: string; topicUrl: string };

/** The platform on one kind of stores, with what can be done to it there. */
export type Scene = {
  target: Target;
  /** How long each sender of the load rests between two requests, so that what piles up is drained in a few minutes. */
  restMs: { kills: number; faults: number };
  /** Starts what does not run, on the same data and ports as before. */
  start(): Promise<void>;
  /** SIGKILL, after which nothing of it runs. Resolves with what it was, in words to follow the number of the kill. */
  kill(): Promise<string>;
  /** Lets the warehouse fail in each way that there is. */
  fail(): Promise<void>;
  /** How often each fault was met, by its line of the report. */
  met(): Readonly<Record<string, number>>;
  /** Rows that the warehouse was made to refuse: so many good messages may be dead letters. */
  rowsRefused(): number;
  /** Waits until what was accepted is stored and readable, reads all there is, and ends the platform in good order. */
  drain(accepted: readonly Accepted[]): Promise<Books>;
  /** What went wrong beside the books, such as a process that ended by itself or a fault that was never met. */
  problems(): string[];
  close(): Promise<void>;
};

/** What a scene is made of. */
export type SceneOptions = {
  /** Empty, for data and logs; it is kept where something is not as it should be. */
  folder: string;
  say(text: string): void;
  /** How long the warehouse is going to be down. */
  outageMs: number;
};
