/** The ack deadline of the subscriptions, by which leases are extended: longer than a push may wait for the stores. */
export const ACK_DEADLINE_SECONDS = 60;

/** The resource name of a topic. */
export const topicPath = (projectId: string, name: string): string => `projects/${projectId}/topics/${name}`;

/** The resource name of a subscription. */
export const subscriptionPath = (projectId: string, name: string): string =>
  `projects/${projectId}/subscriptions/${name}`;
