/** What the topic and its parts are called, embedded and on Pub/Sub alike. */
export const topicNames = {
  topic: 'data-ingestion',
  subscription: 'data-ingestion-subscription',
  deadLetterTopic: 'data-ingestion-dead-letter',
  deadLetterSubscription: 'data-ingestion-dead-letter-subscription',
} as const;
