/** How series are brought to one value a period, and joined. */
export type AggregationJson = {
  alignmentPeriod: string;
  perSeriesAligner: string;
  crossSeriesReducer?: string;
  groupByFields?: readonly string[];
};

export type ThresholdConditionJson = {
  filter: string;
  comparison: 'COMPARISON_GT' | 'COMPARISON_LT';
  thresholdValue: number;
  duration: string;
  aggregations?: readonly AggregationJson[];
  trigger?: { count: number };
  evaluationMissingData?:
    | 'EVALUATION_MISSING_DATA_INACTIVE'
    | 'EVALUATION_MISSING_DATA_ACTIVE'
    | 'EVALUATION_MISSING_DATA_NO_OP';
};
export type AbsenceConditionJson = {
  filter: string;
  duration: string;
  aggregations?: readonly AggregationJson[];
  trigger?: { count: number };
};
export type PromQlConditionJson = {
  query: string;
  duration: string;
  evaluationInterval: string;
  disableMetricValidation: boolean;
};

/** A condition of a policy. A policy with a PromQL condition has no other. */
export type ConditionJson = { displayName: string } & (
  | { conditionThreshold: ThresholdConditionJson }
  | { conditionAbsent: AbsenceConditionJson }
  | { conditionPrometheusQueryLanguage: PromQlConditionJson }
);

/** An alert policy, in the API's REST JSON. */
export type AlertPolicy = {
  /** `projects/p/alertPolicies/a`; Google gives it another when it is made. */
  name: string;
  displayName: string;
  conditions: readonly ConditionJson[];
  combiner: 'AND' | 'OR';
  enabled: boolean;
  severity: 'CRITICAL' | 'ERROR' | 'WARNING';
  documentation: {
    content: string;
    mimeType: 'text/markdown';
    subject: string;
    links?: readonly { displayName: string; url: string }[];
  };
  alertStrategy: { autoClose: string };
  notificationChannels: readonly string[];
  userLabels: Readonly<Record<string, string>>;
};

/** A notification channel, in the API's REST JSON. Its secret is not part of it. */
export type NotificationChannel = {
  /** `projects/p/notificationChannels/c` */
  name: string;
  type: string;
  displayName: string;
  labels: Readonly<Record<string, string>>;
  userLabels: Readonly<Record<string, string>>;
  enabled: boolean;
};

/** An uptime check, in the API's REST JSON. */
export type UptimeCheckConfig = {
  /** `projects/p/uptimeCheckConfigs/u` */
  name: string;
  displayName: string;
  monitoredResource: { type: 'uptime_url'; labels: { project_id: string; host: string } };
  httpCheck: {
    path: string;
    port: number;
    useSsl: boolean;
    validateSsl: boolean;
    serviceAgentAuthentication?: { type: 'OIDC_TOKEN' };
  };
  period: string;
  timeout: string;
  contentMatchers?: readonly { content: string; matcher: 'CONTAINS_STRING' }[];
  userLabels: Readonly<Record<string, string>>;
};
