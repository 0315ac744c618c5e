# Who the services are, and what each may do: every role of theirs stands here with its reason, but who may call whom, which
# stands where the services are made.

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

locals {
  accounts = {
    api     = "Serves records"
    ingest  = "Stores what the topic brings"
    prober  = "Walks the whole path as a client would"
    gateway = "Checks keys and quota in front of the API"
    pusher  = "What Pub/Sub's pushes prove to be"
  }
  member = { for name, account in google_service_account.services : name => account.member }

  # A role that could drop a table is more than any service needs: dataEditor can.
  records_permissions = [
    "bigquery.datasets.get",      # whether the dataset is there
    "bigquery.tables.get",        # which columns it has
    "bigquery.tables.getData",    # what the replica follows, and the newest order of an id before an erasure
    "bigquery.tables.updateData", # appends, erasures, and removing what was erased
  ]

  # Pub/Sub itself, which moves what nobody took to the dead-letter topic. Google makes it with the first topic.
  pubsub_agent = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  emitters = ["api", "ingest", "prober"]
}

resource "google_service_account" "services" {
  for_each = local.accounts

  project      = var.project_id
  account_id   = "records-${each.key}${var.suffix}"
  display_name = each.value
}

# --- The warehouse

resource "google_project_iam_custom_role" "records" {
  project     = var.project_id
  role_id     = "burnlineRecords${replace(var.suffix, "-", "_")}"
  title       = "Burnline: read and append records${var.suffix}"
  description = "Rows, and neither tables nor their schema: those are Terraform's."
  permissions = local.records_permissions
}

# The API follows the table and appends what is written to it; ingest appends, and hears of erasures.
resource "google_bigquery_dataset_iam_member" "records" {
  for_each = toset(["api", "ingest"])

  project    = var.project_id
  dataset_id = var.dataset
  role       = google_project_iam_custom_role.records.id
  member     = local.member[each.key]
}

# The prober compares what is served with the rows themselves.
resource "google_bigquery_dataset_iam_member" "prober" {
  project    = var.project_id
  dataset_id = var.dataset
  role       = "roles/bigquery.dataViewer"
  member     = local.member["prober"]
}

# A query is a job, and jobs are a project's. It gives no data.
resource "google_project_iam_member" "jobs" {
  for_each = toset(["api", "ingest", "prober"])

  project = var.project_id
  role    = "roles/bigquery.jobUser"
  member  = local.member[each.key]
}

# Their queries are jobs of their own projects.
resource "google_bigquery_dataset_iam_member" "analysts" {
  for_each = toset(var.analysts)

  project    = var.project_id
  dataset_id = var.dataset
  role       = "roles/bigquery.dataViewer"
  member     = each.value
}

# --- The topic

# Producers bring records, and the prober its own.
resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = merge({ for member in var.publishers : member => member }, { prober = local.member["prober"] })

  project = var.project_id
  topic   = var.topics.topic
  role    = "roles/pubsub.publisher"
  member  = each.value
}

# Ingest pulls the subscription, and in either way of delivery drains what was given up on.
resource "google_pubsub_subscription_iam_member" "ingest" {
  for_each = toset(concat(["dead_letter_subscription"], var.is_pulled ? ["subscription"] : []))

  project      = var.project_id
  subscription = var.topics[each.key]
  role         = "roles/pubsub.subscriber"
  member       = local.member["ingest"]
}

# To put a message there that has used up its attempts.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  project = var.project_id
  topic   = var.topics.dead_letter_topic
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

# And to take it off the subscription. Without either role the message is delivered for ever.
resource "google_pubsub_subscription_iam_member" "dead_letters" {
  project      = var.project_id
  subscription = var.topics.subscription
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# To make the tokens that its pushes carry, for this account alone.
resource "google_service_account_iam_member" "push_tokens" {
  count = var.is_pulled ? 0 : 1

  service_account_id = google_service_account.services["pusher"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

# --- Snapshots of the replica

# Starts from it and puts a new one in its place, which is a deletion too.
resource "google_storage_bucket_iam_member" "api" {
  bucket = var.snapshots
  role   = "roles/storage.objectUser"
  member = local.member["api"]
}

# --- The operators' key

# The API compares with it, the prober sends it. The secret is made by a person, and no value of it comes here.
resource "google_secret_manager_secret_iam_member" "operator_key" {
  for_each = var.operator_key_secret == null ? [] : toset(["api", "prober"])

  project   = var.project_id
  secret_id = var.operator_key_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.member[each.key]
}

# --- Telemetry

resource "google_project_iam_member" "telemetry" {
  for_each = toset(local.emitters)

  project = var.project_id
  role    = "roles/telemetry.writer" # traces and metrics by OTLP; logs go by stdout
  member  = local.member[each.key]
}

# Google's OTLP endpoint counts a request against the project's quota, which the sender must be allowed to use.
resource "google_project_iam_member" "quota" {
  for_each = toset(local.emitters)

  project = var.project_id
  role    = "roles/serviceusage.serviceUsageConsumer"
  member  = local.member[each.key]
}
