/** What the topic and its parts are called, embedded and on Pub/Sub alike. */
export const topicNames = {
  topic: 'data-ingestion',
  subscription: 'data-ingestion-subscription',
  deadLetterTopic: 'data-ingestion-dead-letter',
  deadLetterSubscription: 'data-ingestion-dead-letter-subscription',
} as const;

export type TopicNames = Readonly<Record<keyof typeof topicNames, string>>;

/** The names in one of several environments of a project: `data-ingestion-staging`. */
export function topicNamesOf(environment: string | undefined): TopicNames {
  if (environment === undefined) return topicNames;
  return Object.fromEntries(
    Object.entries(topicNames).map(([part, name]) => [part, `${name}-${environment}`]),
  ) as TopicNames;
}
