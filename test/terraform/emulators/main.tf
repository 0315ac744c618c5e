# The modules that have a local endpoint, applied as they are: on the emulators of Pub/Sub, BigQuery and Cloud Storage.

terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

variable "project_id" {
  type = string
}

variable "pubsub" {
  type = string
}

variable "bigquery" {
  type = string
}

variable "storage" {
  type = string
}

provider "google" {
  project      = var.project_id
  access_token = "x"

  pubsub_custom_endpoint    = "${var.pubsub}/v1/"
  big_query_custom_endpoint = "${var.bigquery}/bigquery/v2/"
  storage_custom_endpoint   = "${var.storage}/storage/v1/"
}

module "ingest" {
  source = "../../../terraform/modules/ingest"

  project_id = var.project_id
  suffix     = "-dev"
  # The emulator takes a week at most.
  retention_days      = 7
  deletion_protection = false
}

module "warehouse" {
  source = "../../../terraform/modules/warehouse"

  project_id          = var.project_id
  dataset             = "latam_dev"
  location            = "US"
  region              = "us-central1"
  suffix              = "-dev"
  deletion_protection = false
}
