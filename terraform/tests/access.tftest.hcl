mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      name   = "projects/my-project/serviceAccounts/account@my-project.iam.gserviceaccount.com"
      email  = "account@my-project.iam.gserviceaccount.com"
      member = "serviceAccount:account@my-project.iam.gserviceaccount.com"
    }
  }
}

variables {
  project_id     = "p"
  project_number = "42"
  suffix         = "-dev"
  dataset        = "latam_dev"
  snapshots      = "s"
  topics = {
    topic                    = "t"
    dead_letter_topic        = "d"
    subscription             = "s"
    dead_letter_subscription = "ds"
  }
  is_pulled  = true
  publishers = ["group:producers@example.com"]
  analysts   = ["group:analysts@example.com"]
}

run "pulled" {
  module {
    source = "./modules/access"
  }

  assert {
    condition     = google_pubsub_topic_iam_member.dead_letters.role == "roles/pubsub.publisher" && google_pubsub_topic_iam_member.dead_letters.topic == "d" && google_pubsub_topic_iam_member.dead_letters.member == "serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com"
    error_message = "Pub/Sub may put messages on the dead-letter topic."
  }
  assert {
    condition     = google_pubsub_subscription_iam_member.dead_letters.role == "roles/pubsub.subscriber" && google_pubsub_subscription_iam_member.dead_letters.subscription == "s" && google_pubsub_subscription_iam_member.dead_letters.member == google_pubsub_topic_iam_member.dead_letters.member
    error_message = "Pub/Sub may take them off the subscription."
  }
  assert {
    condition     = toset([for grant in google_pubsub_subscription_iam_member.ingest : grant.subscription]) == toset(["s", "ds"])
    error_message = "A worker pulls the subscription and drains the dead letters."
  }
  assert {
    condition     = length(google_service_account_iam_member.push_tokens) == 0
    error_message = "Nobody makes push tokens where messages are pulled."
  }
  assert {
    condition     = toset(google_project_iam_custom_role.records.permissions) == toset(["bigquery.datasets.get", "bigquery.tables.get", "bigquery.tables.getData", "bigquery.tables.updateData"])
    error_message = "A service changes rows and neither tables nor their schema."
  }
  assert {
    condition     = alltrue([for grant in concat(values(google_bigquery_dataset_iam_member.records), values(google_bigquery_dataset_iam_member.analysts), [google_bigquery_dataset_iam_member.prober]) : !startswith(grant.member, "all")])
    error_message = "The dataset is not public."
  }
  assert {
    condition = alltrue([for grant in concat(values(google_project_iam_member.jobs), values(google_project_iam_member.telemetry), values(google_project_iam_member.quota)) :
    !contains(["roles/owner", "roles/editor", "roles/viewer"], grant.role)])
    error_message = "No service has a basic role."
  }
}

run "operator_key" {
  command = plan
  module {
    source = "./modules/access"
  }
  variables {
    operator_key_secret = "key"
  }

  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.operator_key)) == toset(["api", "prober"])
    error_message = "The operators' key is the API's and the prober's to read."
  }
}

run "pushed" {
  module {
    source = "./modules/access"
  }
  variables {
    is_pulled = false
  }

  assert {
    condition     = toset([for grant in google_pubsub_subscription_iam_member.ingest : grant.subscription]) == toset(["ds"])
    error_message = "Where messages are pushed, ingest drains the dead letters and pulls nothing else."
  }
  assert {
    condition     = google_service_account_iam_member.push_tokens[0].role == "roles/iam.serviceAccountTokenCreator"
    error_message = "Pub/Sub makes tokens of the pusher, and of no other account."
  }
}

run "no_public_analysts" {
  command = plan
  module {
    source = "./modules/access"
  }
  variables {
    analysts = ["allAuthenticatedUsers"]
  }
  expect_failures = [var.analysts]
}

run "no_public_publishers" {
  command = plan
  module {
    source = "./modules/access"
  }
  variables {
    publishers = ["allUsers"]
  }
  expect_failures = [var.publishers]
}
