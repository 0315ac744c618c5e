mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      name   = "projects/my-project/serviceAccounts/account@my-project.iam.gserviceaccount.com"
      email  = "account@my-project.iam.gserviceaccount.com"
      member = "serviceAccount:account@my-project.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_cloud_run_v2_service" {
    defaults = {
      uri = "https://records.example.com"
    }
  }
}

variables {
  project_id     = "p"
  project_number = "42"
}

# Its SLOs are kept from being destroyed, so it is planned and not made.
run "whole" {
  command = plan
  variables {
    monitoring = true
    github = {
      repository_id       = "987654321"
      repository_owner_id = "12345678"
      environments        = { apply = "infra", deploy = "production" }
      state_bucket        = "state"
    }
  }

  assert {
    condition     = output.topic == "data-ingestion" && output.dataset == "latam"
    error_message = "Without an environment, names are as they are."
  }
  assert {
    condition     = output.services == { api = "records-api", ingest = "records-ingest", prober = "records-prober" }
    error_message = "Services have the names that the SLOs select."
  }
  assert {
    condition     = alltrue([for api in google_project_service.apis : !api.disable_on_destroy])
    error_message = "An API that others use is not switched off."
  }
}

run "environment" {
  variables {
    environment = "dev"
    delivery    = "push"
  }

  assert {
    condition     = output.topic == "data-ingestion-dev" && output.dataset == "latam_dev" && output.services.api == "records-api-dev"
    error_message = "Names carry the environment, as cli/settings.ts makes them."
  }
}

run "region_of_the_slos" {
  command = plan
  variables {
    monitoring = true
    region     = "europe-west1"
  }
  expect_failures = [var.region]
}

run "push_without_proof" {
  command = plan
  variables {
    delivery  = "push"
    push_auth = "none"
  }
  expect_failures = [var.push_auth]
}

run "environment_too_long" {
  command = plan
  variables {
    environment = "thirteenchars"
  }
  expect_failures = [var.environment]
}
