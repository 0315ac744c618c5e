# What the repository's workflows are in the project: no key, but three accounts for what GitHub says a job is. Any job may plan; one
# in an environment, on the main branch, may apply or deploy.

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

locals {
  jobs = toset(["plan", "apply", "deploy"])
  on   = { for job, environment in var.environments : job => "assertion.ref == '${var.ref}' && assertion.sub.endsWith(':environment:${environment}')" }

  pool = google_iam_workload_identity_pool.github.name

  # Roles on the project that Terraform may grant and take away, and therefore all that an apply in CI can make of itself or others.
  # Those of CI itself are not among them: a person applies a change of this file.
  granted = [
    "roles/bigquery.jobUser",
    "roles/serviceusage.serviceUsageConsumer",
    "roles/telemetry.writer",
  ]

  plan_roles = {
    "roles/artifactregistry.reader"           = "the image repository"
    "roles/bigquery.metadataViewer"           = "dataset, tables and view, without their rows"
    "roles/cloudquotas.viewer"                = "the daily quota of queries"
    "roles/iam.securityReviewer"              = "who has which role, on everything"
    "roles/iam.workloadIdentityPoolViewer"    = "this pool"
    "roles/logging.viewer"                    = "the log exclusions"
    "roles/monitoring.viewer"                 = "SLOs, alerts and dashboards"
    "roles/pubsub.viewer"                     = "topics and subscriptions"
    "roles/run.viewer"                        = "the services"
    "roles/serviceusage.serviceUsageConsumer" = "its own calls count against the project's quota"
    "roles/serviceusage.serviceUsageViewer"   = "which APIs are on"
  }

  apply_roles = {
    "roles/artifactregistry.admin"            = "the image repository and who may push to it"
    "roles/bigquery.dataOwner"                = "the dataset, its tables and who may read them"
    "roles/cloudquotas.admin"                 = "the daily quota of queries"
    "roles/iam.roleAdmin"                     = "the custom roles"
    "roles/iam.serviceAccountAdmin"           = "the services' accounts"
    "roles/iam.workloadIdentityPoolAdmin"     = "this pool"
    "roles/logging.configWriter"              = "the log exclusions"
    "roles/monitoring.editor"                 = "SLOs, alerts and dashboards"
    "roles/pubsub.admin"                      = "topics, subscriptions and who may use them"
    "roles/run.admin"                         = "the services and who may call them"
    "roles/servicemanagement.admin"           = "the gateway's document"
    "roles/serviceusage.serviceUsageAdmin"    = "which APIs are on"
    "roles/serviceusage.serviceUsageConsumer" = "its own calls count against the project's quota"
    "roles/storage.admin"                     = "the bucket of snapshots and who may use it"
  }

  deploy_roles = {
    "roles/bigquery.jobUser"  = "the integration test asks the table"
    "roles/monitoring.viewer" = "the gate reads budgets, incidents and the new revision's requests"
    "roles/run.viewer"        = "what runs, and whether a change of it is done"
  }
}

resource "google_iam_workload_identity_pool" "github" {
  project                   = var.project_id
  workload_identity_pool_id = "github${var.suffix}"
  description               = "Workflows of the repository ${var.repository_id}."
}

resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }

  # Numbers: a name that is given up can be taken by somebody else.
  attribute_condition = "assertion.repository_id == '${var.repository_id}' && assertion.repository_owner_id == '${var.repository_owner_id}'"

  # The subject ends in the job's environment; no branch has a colon in its name.
  attribute_mapping = {
    "google.subject" = "assertion.sub"
    "attribute.job"  = "${local.on.apply} ? 'apply' : (${local.on.deploy} ? 'deploy' : 'plan')"
  }
}

resource "google_service_account" "ci" {
  for_each = local.jobs

  project      = var.project_id
  account_id   = "ci-${each.key}${var.suffix}"
  display_name = "Workflows that ${each.key}"
}

# To be the account, for jobs that are what it is for and no others.
resource "google_service_account_iam_member" "ci" {
  for_each = local.jobs

  service_account_id = google_service_account.ci[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${local.pool}/attribute.job/${each.key}"
}

resource "google_project_iam_custom_role" "reader" {
  project     = var.project_id
  role_id     = "burnlinePlan${replace(var.suffix, "-", "_")}"
  title       = "Burnline: plan${var.suffix}"
  permissions = ["servicemanagement.services.get", "storage.buckets.get"]
}

resource "google_project_iam_member" "plan" {
  for_each = local.plan_roles

  project = var.project_id
  role    = each.key # to read each.value
  member  = google_service_account.ci["plan"].member
}

# What no role of Google's reads alone: the gateway's document, and the settings of a bucket without its objects.
resource "google_project_iam_member" "reader" {
  project = var.project_id
  role    = google_project_iam_custom_role.reader.id
  member  = google_service_account.ci["plan"].member
}

resource "google_project_iam_member" "apply" {
  for_each = local.apply_roles

  project = var.project_id
  role    = each.key # to change each.value
  member  = google_service_account.ci["apply"].member
}

# To grant the services their roles, and no other role to anyone.
resource "google_project_iam_member" "grants" {
  project = var.project_id
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.ci["apply"].member

  condition {
    title      = "services' roles only"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(${jsonencode(local.granted)})"
  }
}

resource "google_project_iam_member" "deploy" {
  for_each = local.deploy_roles

  project = var.project_id
  role    = each.key # each.value
  member  = google_service_account.ci["deploy"].member
}

# A service is made or changed to run as an account only by who may act as it.
resource "google_service_account_iam_member" "acts_as" {
  for_each = merge(
    { for name, account in var.accounts : "apply-${name}" => { account = account, job = "apply" } },
    { for name in ["api", "ingest", "prober"] : "deploy-${name}" => { account = var.accounts[name], job = "deploy" } },
  )

  service_account_id = each.value.account
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.ci[each.value.job].member
}

# New revisions and traffic, of these services alone.
resource "google_cloud_run_v2_service_iam_member" "deploy" {
  for_each = var.services

  project  = var.project_id
  location = var.region
  name     = each.value
  role     = "roles/run.developer"
  member   = google_service_account.ci["deploy"].member
}

# The load and integration tests ask a revision before it has traffic, which only its own address leads to.
resource "google_cloud_run_v2_service_iam_member" "tests" {
  project  = var.project_id
  location = var.region
  name     = var.services["api"]
  role     = "roles/run.invoker"
  member   = google_service_account.ci["deploy"].member
}

resource "google_artifact_registry_repository_iam_member" "deploy" {
  project    = var.project_id
  location   = var.region
  repository = var.repository
  role       = "roles/artifactregistry.writer" # pushes images
  member     = google_service_account.ci["deploy"].member
}

# The integration test publishes a known set …
resource "google_pubsub_topic_iam_member" "tests" {
  project = var.project_id
  topic   = var.topic
  role    = "roles/pubsub.publisher"
  member  = google_service_account.ci["deploy"].member
}

# … and compares the rows with what is served.
resource "google_bigquery_dataset_iam_member" "tests" {
  project    = var.project_id
  dataset_id = var.dataset
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.ci["deploy"].member
}

# A plan reads the state without locking it; an apply writes and locks.
resource "google_storage_bucket_iam_member" "state" {
  for_each = { plan = "roles/storage.objectViewer", apply = "roles/storage.objectUser" }

  bucket = var.state_bucket
  role   = each.value
  member = google_service_account.ci[each.key].member
}

# Budgets are the billing account's; this role sees its costs too.
resource "google_billing_account_iam_member" "apply" {
  count = var.billing_account == null ? 0 : 1

  billing_account_id = var.billing_account
  role               = "roles/billing.costsManager"
  member             = google_service_account.ci["apply"].member
}

# And a plan looks whether they are as they should be.
resource "google_billing_account_iam_member" "plan" {
  count = var.billing_account == null ? 0 : 1

  billing_account_id = var.billing_account
  role               = "roles/billing.viewer"
  member             = google_service_account.ci["plan"].member
}
