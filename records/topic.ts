import type { Micros } from '../base/time.ts';

/** What a producer publishes. */
export type Message = {
  data: Uint8Array;
  attributes: Readonly<Record<string, string>>;
  orderingKey?: string;
};

/** A message with what the topic adds to it. */
export type PublishedMessage = Message & { messageId: string; publishedAt: Micros };

/** A message on lease to a subscriber: it must be acked before its deadline, or comes again. */
export type Delivery = PublishedMessage & {
  ackId: string;
  /** 1 for the first. */
  deliveryAttempt: number;
};

export interface Publisher {
  /** Resolves with the message ids once all are durable. Rejects where none is. */
  publish(messages: readonly Message[]): Promise<string[]>;
}

/** At-least-once delivery, with Pub/Sub's semantics. */
export interface Subscription {
  readonly name: string;
  /** How long a delivery is on lease. */
  readonly ackDeadlineSeconds: number;
  /** What is due, at most `messagesMax`; waits up to `waitMs` for a first message, or until `signal` aborts. */
  pull(options: { messagesMax: number; waitMs: number; signal?: AbortSignal }): Promise<Delivery[]>;
  /** Never delivered again. An ackId whose lease has ended is passed over: its message comes again. */
  ack(ackIds: readonly string[]): Promise<void>;
  /** Delivered again after the back-off; counts as an attempt. */
  nack(ackIds: readonly string[]): Promise<void>;
  /** Sets the lease's end to `seconds` from now, so that work that lasts is not given to another. */
  extend(ackIds: readonly string[], seconds: number): Promise<void>;
}

/** A topic with its one subscription, and the subscription of its dead-letter topic, which takes what ran out of attempts. */
export interface Topic extends Publisher {
  readonly name: string;
  readonly subscription: Subscription;
  readonly deadLetterSubscription: Subscription;
  close(): Promise<void>;
}
