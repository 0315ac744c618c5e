import type { BeyondScript } from '../fact.ts';

/** What no script can settle in ten minutes. */
export const beyondScript: readonly BeyondScript[] = [
  {
    id: 'metric-reference-billing',
    question: 'What does alerting cost, from when on, and does an SLO’s selector count as a reference to a metric?',
    believed: 'Announced, with dates that differ; how selectors count is not known',
    dependsOn: ['alerts/burn.ts', 'slo/tiers.ts'],
    because:
      'Only an invoice shows it, a month later. Look at the SKUs of Cloud Monitoring in the billing report after the first one',
  },
  {
    id: 'list-prices',
    question: 'What do queries ($6.25 a TiB) and reads of Cloud Monitoring’s API ($0.50 for a million series) cost?',
    believed: 'What second-hand notes say',
    dependsOn: ['docs/decisions/009-the-replica-follows-by-stamp.md'],
    because:
      'No API answers what a project pays. The price pages and the billing report do; the bytes that are billed are settled above',
  },
  {
    id: 'launch-stages',
    question: 'Are OTLP metrics and logs generally available, or a preview?',
    believed: 'Metrics are a preview, logs newer still',
    dependsOn: ['telemetry/exporters.ts'],
    because: 'No API says it. Read the release notes of Google Cloud Observability before promising anything on them',
  },
  {
    id: 'federated-principals',
    question: 'Do all APIs that the workflows call take federated identities directly, without a service account?',
    believed: 'Some products lack it',
    dependsOn: ['terraform/modules/ci-identity/main.tf'],
    because: 'It takes a token of GitHub’s, which only a run of a workflow gets: the first run on a project settles it',
  },
  {
    id: 'bigquery-edition',
    question: 'Does BigQuery promise 99.99 % in every edition?',
    believed: '99.99 % on demand; the Standard edition promises less',
    dependsOn: ['slo/services/warehouse.slo.ts', 'slo/services/ingest.slo.ts'],
    because:
      'It is a contract. Read the service level agreement of the edition, and change `promises` in `dependsOn` of the specs',
  },
];
