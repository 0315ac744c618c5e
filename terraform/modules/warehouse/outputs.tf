output "dataset" { value = google_bigquery_dataset.records.dataset_id }
output "snapshots" { value = google_storage_bucket.snapshots.name }
