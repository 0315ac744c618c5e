mock_provider "google" {}

variables {
  project_id      = "p"
  project_number  = "42"
  suffix          = "-dev"
  services        = ["records-api-dev", "records-gateway-dev"]
  billing_account = "000000-111111-222222"
  channels        = ["projects/p/notificationChannels/1"]
}

run "made" {
  command = plan
  module {
    source = "./modules/cost"
  }
  variables {
    query_mebibytes_per_day = 2097152
  }

  assert {
    condition     = google_cloud_quotas_quota_preference.queries[0].quota_id == "QueryUsagePerDay" && google_cloud_quotas_quota_preference.queries[0].quota_config[0].preferred_value == "2097152"
    error_message = "Queries of a day are limited."
  }
  assert {
    condition     = google_billing_budget.project[0].budget_filter[0].projects == toset(["projects/42"])
    error_message = "The budget is this project's."
  }
  assert {
    condition     = anytrue([for rule in google_billing_budget.project[0].threshold_rules : rule.spend_basis == "FORECASTED_SPEND"])
    error_message = "It tells before the money is spent."
  }
  assert {
    condition     = strcontains(google_logging_project_exclusion.health.filter, "httpRequest.status<400") && strcontains(google_logging_project_exclusion.health.filter, "\"records-api-dev\" OR \"records-gateway-dev\"")
    error_message = "Only health checks of our own that were answered are left out."
  }
}

run "left_alone" {
  command = plan
  module {
    source = "./modules/cost"
  }
  variables {
    billing_account = null
  }

  assert {
    condition     = length(google_cloud_quotas_quota_preference.queries) == 0 && length(google_billing_budget.project) == 0
    error_message = "Without a limit and an account, neither quota nor budget is made."
  }
}

run "too_little_to_follow" {
  command = plan
  module {
    source = "./modules/cost"
  }
  variables {
    query_mebibytes_per_day = 1000
  }
  expect_failures = [var.query_mebibytes_per_day]
}
