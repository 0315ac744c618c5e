# What keeps costs from running away: a limit on queries, logs that are not kept, and a budget that tells.

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

# Beyond it queries fail until midnight, Pacific time: the replica then ages, and what is served stops being fresh. It is the
# project's, so one environment of several sets it. Each query has a limit of its own as well (maximumBytesBilled).
resource "google_cloud_quotas_quota_preference" "queries" {
  count = var.query_mebibytes_per_day == null ? 0 : 1

  parent        = "projects/${var.project_id}"
  name          = "bigquery-query-usage-per-day"
  service       = "bigquery.googleapis.com"
  quota_id      = "QueryUsagePerDay"
  contact_email = var.contact_email
  # From 200 TiB a day down is more than Google lowers without being told so.
  ignore_safety_checks = "QUOTA_DECREASE_PERCENTAGE_TOO_HIGH"

  quota_config {
    preferred_value = var.query_mebibytes_per_day
  }
}

# A health check that was answered says nothing that a metric does not; those that failed are kept.
resource "google_logging_project_exclusion" "health" {
  project     = var.project_id
  name        = "records-health-checks${var.suffix}"
  description = "Requests of health checks that were answered."
  filter      = <<-FILTER
    log_id("run.googleapis.com/requests")
    resource.type="cloud_run_revision"
    resource.labels.service_name=(${join(" OR ", [for name in var.services : jsonencode(name)])})
    httpRequest.requestUrl=~"/(health|ready)$"
    httpRequest.status<400
  FILTER
}

resource "google_billing_budget" "project" {
  count = var.billing_account == null ? 0 : 1

  billing_account = var.billing_account
  display_name    = "Burnline ${var.project_id}${var.suffix}"

  budget_filter {
    projects = ["projects/${var.project_number}"]
  }

  # In the billing account's own currency.
  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }
  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  dynamic "all_updates_rule" {
    for_each = length(var.channels) == 0 ? [] : [var.channels]
    content {
      monitoring_notification_channels = all_updates_rule.value
      # Those who pay hear of it too.
      disable_default_iam_recipients = false
    }
  }
}
