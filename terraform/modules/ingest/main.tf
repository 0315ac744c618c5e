# The topic, its subscription, and what becomes of messages that nobody can take. Names and numbers are those of
# records/topic-names.ts and base/limits.ts; tests compare them.

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

locals {
  # What waits in a subscription goes with it.
  deletion_policy = var.deletion_protection ? "PREVENT" : "DELETE"
}

# Carries no schema: it would refuse broken messages before anyone could see them.
resource "google_pubsub_topic" "records" {
  project         = var.project_id
  name            = "data-ingestion${var.suffix}"
  deletion_policy = local.deletion_policy
}

resource "google_pubsub_topic" "dead_letters" {
  project         = var.project_id
  name            = "data-ingestion-dead-letter${var.suffix}"
  deletion_policy = local.deletion_policy
}

resource "google_pubsub_subscription" "records" {
  project = var.project_id
  name    = "data-ingestion-subscription${var.suffix}"
  topic   = google_pubsub_topic.records.id

  deletion_policy = local.deletion_policy

  # Longer than a push may wait for the stores; leases are extended by it (records/pubsub/names.ts).
  ack_deadline_seconds       = 60
  message_retention_duration = "${var.retention_days * 86400}s"

  # Unset, a month without a message deletes the subscription, and with it every message published after.
  expiration_policy {
    ttl = ""
  }

  # Each 503 of a push is an attempt. 100 of them with this back-off last more than 15 hours; 5, the default, two minutes and a half.
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 100
  }

  dynamic "push_config" {
    for_each = var.push == null ? [] : [var.push]
    content {
      push_endpoint = push_config.value.endpoint
      oidc_token {
        service_account_email = push_config.value.service_account
        audience              = push_config.value.audience
      }
    }
  }
}

# Without a subscription the dead-letter topic loses what it is given. Ingest drains it into a table.
resource "google_pubsub_subscription" "dead_letters" {
  project = var.project_id
  name    = "data-ingestion-dead-letter-subscription${var.suffix}"
  topic   = google_pubsub_topic.dead_letters.id

  deletion_policy            = local.deletion_policy
  ack_deadline_seconds       = 60
  message_retention_duration = "${var.retention_days * 86400}s"

  expiration_policy {
    ttl = ""
  }
}
