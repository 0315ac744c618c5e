import type { Fact } from './fact.ts';
import { alertFacts } from './facts/alerts.ts';
import { bigQueryFacts } from './facts/bigquery.ts';
import { cloudRunFacts } from './facts/cloud-run.ts';
import { dashboardFacts } from './facts/dashboards.ts';
import { otlpFacts } from './facts/otlp.ts';
import { pubSubFacts } from './facts/pubsub.ts';
import { sloFacts } from './facts/slos.ts';

/** Every fact that the script settles. */
export const facts: readonly Fact[] = [
  ...otlpFacts,
  ...sloFacts,
  ...alertFacts,
  ...dashboardFacts,
  ...pubSubFacts,
  ...cloudRunFacts,
  ...bigQueryFacts,
];
