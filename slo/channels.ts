/** Whom an alert reaches. A secret is no part of it: Terraform asks for it as a write-only variable. */
export type Channel = {
  id: string;
  title: string;
  /** As Cloud Monitoring names it: `email`, `pagerduty`, `slack`, `webhook_tokenauth`, `pubsub`. */
  type: string;
  labels: Readonly<Record<string, string>>;
  /** The sensitive label that is asked for. */
  secret?: 'auth_token' | 'service_key' | 'password';
};

/** An address that mail is sent to. */
export function email(id: string, address: string): Channel {
  return { id, title: id, type: 'email', labels: { email_address: address } };
}

/** A service of PagerDuty; its integration key is the secret. */
export function pagerDuty(id: string): Channel {
  return { id, title: id, type: 'pagerduty', labels: {}, secret: 'service_key' };
}

/** A channel of Slack; the app's token is the secret. */
export function slack(id: string, channel: `#${string}`): Channel {
  return { id, title: id, type: 'slack', labels: { channel_name: channel }, secret: 'auth_token' };
}

/** A Pub/Sub topic of the project that takes incidents as JSON. */
export function pubsubTopic(id: string, topic: string): Channel {
  return { id, title: id, type: 'pubsub', labels: { topic } };
}
