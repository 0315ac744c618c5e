/** A label of a channel; what is secret is never shown. */
type Label = { key: string; isSecret?: true; isOptional?: true };

/** A way to reach people, and the labels that say where. */
export type ChannelType = { type: string; title: string; labels: readonly Label[] };

/** Google's types of notification channels. */
export const channelTypes: readonly ChannelType[] = [
  { type: 'email', title: 'Email', labels: [{ key: 'email_address' }] },
  { type: 'google_chat', title: 'Google Chat', labels: [{ key: 'space' }] },
  { type: 'pagerduty', title: 'PagerDuty', labels: [{ key: 'service_key', isSecret: true }] },
  { type: 'pubsub', title: 'Pub/Sub', labels: [{ key: 'topic' }] },
  {
    ...{ type: 'slack', title: 'Slack' },
    labels: [{ key: 'channel_name' }, { key: 'auth_token', isSecret: true }, { key: 'team', isOptional: true }],
  },
  { type: 'sms', title: 'SMS', labels: [{ key: 'number' }] },
  {
    ...{ type: 'webhook_basicauth', title: 'Webhook with a password' },
    labels: [{ key: 'url' }, { key: 'username' }, { key: 'password', isSecret: true }],
  },
  {
    ...{ type: 'webhook_tokenauth', title: 'Webhook with a token in its address' },
    labels: [{ key: 'url' }],
  },
];
