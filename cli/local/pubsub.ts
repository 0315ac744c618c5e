import type { Clock } from '../../base/clock.ts';
import type { SeriesIdentity } from '../../monitoring/model.ts';
import type { SqliteSubscription } from '../../records/sqlite/subscription.ts';
import type { Source } from './reporting.ts';

/** The age in seconds of a subscription's oldest message that is not acknowledged. */
export function oldestUnackedAge(project: string, subscription: string): SeriesIdentity {
  return {
    metric: { type: 'pubsub.googleapis.com/subscription/oldest_unacked_message_age', labels: {} },
    resource: { type: 'pubsub_subscription', labels: { project_id: project, subscription_id: subscription } },
    ...{ metricKind: 'GAUGE', valueType: 'INT64' },
  };
}

/**
 * What Pub/Sub would report of the embedded topic's subscriptions, as far as an objective, an alert or a dashboard of ours looks at it:
 * their age, which is 0 where nothing waits.
 */
export function createPubSub(options: {
  project: string;
  clock: Clock;
  subscriptions: readonly Pick<SqliteSubscription, 'name' | 'backlog'>[];
}): Source {
  const { project, clock, subscriptions } = options;
  return {
    sample: () =>
      Promise.all(
        subscriptions.map(async ({ name, backlog }) => {
          const value = Math.floor((await backlog()).oldestUnackedAgeSeconds);
          const endMs = clock.now();
          return { series: oldestUnackedAge(project, name), unit: 's', points: [{ startMs: endMs, endMs, value }] };
        }),
      ),
  };
}
