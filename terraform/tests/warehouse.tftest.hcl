mock_provider "google" {}

variables {
  project_id          = "p"
  dataset             = "latam_dev"
  location            = "US"
  region              = "us-central1"
  suffix              = "-dev"
  deletion_protection = true
}

run "tables" {
  command = plan
  module {
    source = "./modules/warehouse"
  }

  assert {
    condition     = google_bigquery_table.tables["record_events"].time_partitioning[0].field == "appended_at" && google_bigquery_table.tables["record_events"].time_partitioning[0].type == "DAY"
    error_message = "Events are partitioned by day of their append."
  }
  assert {
    condition     = google_bigquery_table.tables["record_events"].clustering == tolist(["id"])
    error_message = "Events are clustered by id."
  }
  assert {
    condition     = toset(keys(google_bigquery_table.tables)) == toset(["record_events", "erasures", "dead_letters"])
    error_message = "Every table that the code reads is made."
  }
  assert {
    condition     = alltrue([for table in google_bigquery_table.tables : table.deletion_protection]) && !google_bigquery_dataset.records.delete_contents_on_destroy
    error_message = "No table may be destroyed by mistake."
  }
  assert {
    condition     = length(google_bigquery_dataset.records.access) == 0
    error_message = "The dataset grants nothing by itself: neither allUsers nor allAuthenticatedUsers."
  }
  assert {
    condition     = google_bigquery_dataset.records.max_time_travel_hours == "168"
    error_message = "A week can be gone back."
  }
  assert {
    condition     = strcontains(google_bigquery_table.view.view[0].query, "`p.latam_dev.record_events`")
    error_message = "The view reads the dataset's own tables."
  }
}

run "snapshots" {
  command = plan
  module {
    source = "./modules/warehouse"
  }

  assert {
    condition     = google_storage_bucket.snapshots.public_access_prevention == "enforced" && google_storage_bucket.snapshots.uniform_bucket_level_access
    error_message = "Snapshots are nobody's to read but the API's."
  }
  assert {
    condition     = !google_storage_bucket.snapshots.versioning[0].enabled && google_storage_bucket.snapshots.soft_delete_policy[0].retention_duration_seconds == 0
    error_message = "What was erased must not live on in an old snapshot."
  }
}
