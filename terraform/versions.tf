terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }

  # Which bucket and prefix, each environment says: terraform init -backend-config=bucket=… -backend-config=prefix=…
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region
  # A person's credentials have no project of their own that calls could count against; budgets and quotas want one.
  billing_project       = var.project_id
  user_project_override = true

  default_labels = merge({ app = "burnline" }, var.environment == "" ? {} : { environment = var.environment })
}
