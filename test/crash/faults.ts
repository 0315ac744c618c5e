import { protos } from '@google-cloud/bigquery-storage';

const { AppendRowsResponse } = protos.google.cloud.bigquery.storage.v1;
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;
const FIELDS_ERROR = 1;

/** An append that meets a fault: how many rows it has, and how the warehouse stores them and answers. */
export type Append = { rows: number; forward(): Promise<Uint8Array> };

/** What becomes of an append: an answer, none ever on its call, or the end of its connection. */
export type Fate = { answer: Uint8Array } | 'silence' | 'reset';

/** A way in which appends fail. */
export type Fault = {
  /** Its line of the report, which says how often it was met. */
  line: string;
  /** What is said when it begins. */
  said: string;
  /** Of how many appends it meets one, so that the others show what it did to them; all, where absent. */
  oneOf?: number;
  /** Whether it is about rows of the event table only. */
  isOfEvents?: boolean;
  meet(append: Append): Fate | Promise<Fate>;
};

export type FaultName = 'rowRefused' | 'quota' | 'requestRefused' | 'resetBefore' | 'resetAfter' | 'silence';

/** Every fault of an append, in the order in which they come. */
export const faults: Readonly<Record<FaultName, Fault>> = {
  rowRefused: {
    line: 'rows refused on purpose',
    said: 'One row of an append is refused, and so the append.',
    oneOf: 3,
    isOfEvents: true,
    meet({ rows }) {
      const index = Math.floor(Math.random() * rows);
      const rowErrors = [{ index, code: FIELDS_ERROR, message: 'Refused (injected)' }];
      return answer({ error: { code: INVALID_ARGUMENT, message: 'A row is refused (injected)' }, rowErrors });
    },
  },
  quota: {
    line: 'quotas exhausted',
    said: 'The quota is exhausted.',
    meet: () => answer({ error: { code: RESOURCE_EXHAUSTED, message: 'The quota is exhausted (injected)' } }),
  },
  requestRefused: {
    line: 'appends refused whole',
    said: 'Appends are refused whole.',
    meet: () => answer({ error: { code: INVALID_ARGUMENT, message: 'The request is refused (injected)' } }),
  },
  resetBefore: {
    line: 'resets before the append',
    said: 'Connections are reset before an append.',
    oneOf: 4,
    meet: () => 'reset',
  },
  resetAfter: {
    line: 'resets after the append',
    said: 'Connections are reset after an append, before its answer.',
    oneOf: 4,
    async meet({ forward }): Promise<Fate> {
      await forward();
      return 'reset';
    },
  },
  silence: {
    line: 'appends without an answer',
    said: 'Appends happen, and their answers never arrive.',
    oneOf: 4,
    async meet({ forward }): Promise<Fate> {
      await forward();
      return 'silence';
    },
  },
};
export const faultNames = Object.keys(faults) as FaultName[];

function answer(response: protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse): Fate {
  return { answer: AppendRowsResponse.encode(response).finish() };
}
