# The dataset with its tables and view, and the bucket of the replica's snapshots. tables.json and records.sql.tftpl are written by
# `node test/terraform/generated.ts` from what the code expects (records/bigquery/schema.ts).

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

locals {
  tables = jsondecode(file("${path.module}/tables.json"))
}

resource "google_bigquery_dataset" "records" {
  project     = var.project_id
  dataset_id  = var.dataset
  location    = var.location
  description = "Records in all their versions, and what could not become one."

  # What a statement has destroyed can be read as it was for a week; see docs/deploy.md.
  max_time_travel_hours      = 168
  delete_contents_on_destroy = !var.deletion_protection
}

resource "google_bigquery_table" "tables" {
  for_each = local.tables

  project     = var.project_id
  dataset_id  = google_bigquery_dataset.records.dataset_id
  table_id    = each.key
  description = each.value.description
  # Columns are added, never removed: the provider then changes the table where it is.
  schema              = jsonencode(each.value.schema)
  clustering          = each.value.clustered_by == null ? null : [each.value.clustered_by]
  deletion_protection = var.deletion_protection

  dynamic "time_partitioning" {
    for_each = each.value.partitioned_by == null ? [] : [each.value.partitioned_by]
    content {
      type  = "DAY"
      field = time_partitioning.value
    }
  }
}

resource "google_bigquery_table" "view" {
  project     = var.project_id
  dataset_id  = google_bigquery_dataset.records.dataset_id
  table_id    = "records"
  description = "The newest version of every record."
  # The view holds nothing: it can be made again.
  deletion_protection = false

  # A view keeps the columns that it was made with: a new one in the table must touch it.
  labels = {
    columns = substr(sha256(jsonencode(local.tables["record_events"].schema)), 0, 16)
  }

  view {
    query          = trimspace(templatefile("${path.module}/records.sql.tftpl", { project_id = var.project_id, dataset = var.dataset }))
    use_legacy_sql = false
  }

  depends_on = [google_bigquery_table.tables]
}

# Versions and soft deletion would keep what has been erased, and a snapshot is made again from the table.
resource "google_storage_bucket" "snapshots" {
  project                     = var.project_id
  name                        = "${var.project_id}-records-snapshots${var.suffix}"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  versioning {
    enabled = false
  }
  soft_delete_policy {
    retention_duration_seconds = 0
  }
}
