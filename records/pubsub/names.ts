/** What a topic's parts are called, by the topic's name. */
export function pubSubNames(topic: string) {
  return {
    subscription: `${topic}-subscription`,
    deadLetterTopic: `${topic}-dead-letter`,
    deadLetterSubscription: `${topic}-dead-letter-subscription`,
  };
}

/** The resource name of a topic. */
export const topicPath = (projectId: string, name: string): string => `projects/${projectId}/topics/${name}`;

/** The resource name of a subscription. */
export const subscriptionPath = (projectId: string, name: string): string =>
  `projects/${projectId}/subscriptions/${name}`;
