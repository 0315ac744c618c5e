mock_provider "google" {}

variables {
  project_id          = "p"
  suffix              = "-dev"
  deletion_protection = false
}

run "pulled" {
  module {
    source = "./modules/ingest"
  }

  assert {
    condition     = google_pubsub_subscription.dead_letters.topic == google_pubsub_topic.dead_letters.id
    error_message = "What is put on the dead-letter topic must have a subscriber, or it is lost."
  }
  assert {
    condition     = google_pubsub_subscription.records.dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.dead_letters.id
    error_message = "What nobody takes must go to the dead-letter topic."
  }
  assert {
    condition     = google_pubsub_subscription.records.expiration_policy[0].ttl == "" && google_pubsub_subscription.dead_letters.expiration_policy[0].ttl == ""
    error_message = "A subscription must not expire."
  }
  assert {
    condition     = google_pubsub_subscription.records.message_retention_duration == "2678400s" && google_pubsub_subscription.dead_letters.message_retention_duration == "2678400s"
    error_message = "Messages are kept for 31 days."
  }
  assert {
    condition     = google_pubsub_subscription.records.dead_letter_policy[0].max_delivery_attempts == 100
    error_message = "Good data must survive an outage of hours: 100 attempts."
  }
  assert {
    condition     = google_pubsub_subscription.records.retry_policy[0].minimum_backoff == "10s" && google_pubsub_subscription.records.retry_policy[0].maximum_backoff == "600s"
    error_message = "Attempts lie 10 to 600 s apart."
  }
  assert {
    condition     = length(google_pubsub_subscription.records.push_config) == 0
    error_message = "Messages are pulled where nothing else is said."
  }
  assert {
    condition     = google_pubsub_topic.records.name == "data-ingestion-dev" && google_pubsub_subscription.records.name == "data-ingestion-subscription-dev"
    error_message = "Names carry the environment, as records/topic-names.ts makes them."
  }
}

run "protected" {
  command = plan
  module {
    source = "./modules/ingest"
  }
  variables {
    deletion_protection = true
  }

  assert {
    condition     = google_pubsub_subscription.records.deletion_policy == "PREVENT" && google_pubsub_subscription.dead_letters.deletion_policy == "PREVENT" && google_pubsub_topic.records.deletion_policy == "PREVENT"
    error_message = "What waits in a subscription must not go with it by mistake."
  }
}

run "pushed" {
  command = plan
  module {
    source = "./modules/ingest"
  }
  variables {
    push = { endpoint = "https://ingest.example.com/", audience = "https://ingest.example.com", service_account = "pusher@p.iam.gserviceaccount.com" }
  }

  assert {
    condition     = google_pubsub_subscription.records.push_config[0].oidc_token[0].service_account_email == "pusher@p.iam.gserviceaccount.com"
    error_message = "A push carries a token of the pusher."
  }
  assert {
    condition     = google_pubsub_subscription.records.push_config[0].oidc_token[0].audience == "https://ingest.example.com"
    error_message = "The token is for ingest."
  }
}

run "kept_long_enough" {
  command = plan
  module {
    source = "./modules/ingest"
  }
  variables {
    retention_days = 3
  }
  expect_failures = [var.retention_days]
}
