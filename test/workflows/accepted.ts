/** A finding of checkov that stays, and why. */
export type Accepted = { check: string; resource: string; because: string };

const OWN_KEYS =
  'Google encrypts all data at rest; keys of our own are one more thing that can be lost, and with them the data';

export const accepted: readonly Accepted[] = [
  {
    check: 'CKV_GCP_49',
    resource: 'module.ci_identity[0].google_project_iam_member.apply["roles/iam.serviceAccountAdmin"]',
    because:
      'Terraform makes the accounts of the services and says who may be them, and the role is a project’s; only an approved job is this account',
  },
  {
    check: 'CKV_GCP_62',
    resource: 'module.warehouse.google_storage_bucket.snapshots',
    because: 'One account reads and writes it, and what it holds can be made again from the table',
  },
  {
    check: 'CKV_GCP_78',
    resource: 'module.warehouse.google_storage_bucket.snapshots',
    because: 'Old versions would keep what has been erased',
  },
  { check: 'CKV_GCP_80', resource: 'module.warehouse.google_bigquery_table.tables', because: OWN_KEYS },
  { check: 'CKV_GCP_80', resource: 'module.warehouse.google_bigquery_table.view', because: OWN_KEYS },
  { check: 'CKV_GCP_81', resource: 'module.warehouse.google_bigquery_dataset.records', because: OWN_KEYS },
  { check: 'CKV_GCP_83', resource: 'module.ingest.google_pubsub_topic.records', because: OWN_KEYS },
  { check: 'CKV_GCP_83', resource: 'module.ingest.google_pubsub_topic.dead_letters', because: OWN_KEYS },
  { check: 'CKV_GCP_84', resource: 'module.services.google_artifact_registry_repository.images', because: OWN_KEYS },
  {
    check: 'CKV_GCP_121',
    resource: 'module.warehouse.google_bigquery_table.view',
    because: 'A view holds nothing; the tables are protected',
  },
  {
    check: 'CKV_GCP_125',
    resource: 'module.ci_identity[0].google_iam_workload_identity_pool_provider.github',
    because: 'It pins the repository and its owner by their numbers, which is more than the name that this check wants',
  },
  {
    check: 'CKV_GHA_7',
    resource: 'on(deploy)',
    because:
      'They do not go into the build: what a change is and why the gate is overridden are for burnline, which records it',
  },
];
