mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      name   = "projects/my-project/serviceAccounts/account@my-project.iam.gserviceaccount.com"
      email  = "account@my-project.iam.gserviceaccount.com"
      member = "serviceAccount:account@my-project.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_iam_workload_identity_pool" {
    defaults = {
      name = "projects/42/locations/global/workloadIdentityPools/github-dev"
    }
  }
}

variables {
  project_id          = "p"
  region              = "us-central1"
  suffix              = "-dev"
  repository_id       = "987654321"
  repository_owner_id = "12345678"
  environments        = { apply = "infra-dev", deploy = "dev" }
  state_bucket        = "state"
  accounts            = { api = "projects/my-project/serviceAccounts/records-api@my-project.iam.gserviceaccount.com", ingest = "projects/my-project/serviceAccounts/records-ingest@my-project.iam.gserviceaccount.com", prober = "projects/my-project/serviceAccounts/records-prober@my-project.iam.gserviceaccount.com", gateway = "projects/my-project/serviceAccounts/records-gateway@my-project.iam.gserviceaccount.com" }
  services            = { api = "records-api-dev", ingest = "records-ingest-dev", prober = "records-prober-dev" }
  repository          = "burnline-dev"
  topic               = "t"
  dataset             = "latam_dev"
  billing_account     = "000000-111111-222222"
}

run "identities" {
  module {
    source = "./modules/ci-identity"
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_condition == "assertion.repository_id == '987654321' && assertion.repository_owner_id == '12345678'"
    error_message = "Tokens of one repository and owner, by number, and of no other."
  }
  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_mapping["attribute.job"] == "assertion.ref == 'refs/heads/main' && assertion.sub.endsWith(':environment:infra-dev') ? 'apply' : (assertion.ref == 'refs/heads/main' && assertion.sub.endsWith(':environment:dev') ? 'deploy' : 'plan')"
    error_message = "A job is what its environment and branch make it, and otherwise it may plan."
  }
  assert {
    condition     = google_service_account_iam_member.ci["apply"].member == "principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/github-dev/attribute.job/apply"
    error_message = "Only a job that applies is the account that applies; the whole pool is nobody."
  }
  assert {
    condition = alltrue([for grant in concat(values(google_project_iam_member.plan), values(google_project_iam_member.apply), values(google_project_iam_member.deploy), [google_project_iam_member.grants, google_project_iam_member.reader]) :
    !contains(["roles/owner", "roles/editor", "roles/viewer"], grant.role)])
    error_message = "No workflow has a basic role."
  }
  assert {
    condition     = alltrue([for grant in google_project_iam_member.plan : can(regex("(?i)(viewer|reader|reviewer|serviceUsageConsumer)$", grant.role))])
    error_message = "A plan reads, and changes nothing."
  }
  assert {
    condition     = strcontains(google_project_iam_member.grants.condition[0].expression, "modifiedGrantsByRole") && !can(regex("admin|owner|editor|iam\\.service", lower(replace(google_project_iam_member.grants.condition[0].expression, "iam.googleapis.com/modifiedGrantsByRole", ""))))
    error_message = "What applies may grant the services' own roles, and make itself no more than it is."
  }
  assert {
    condition     = toset([for grant in google_cloud_run_v2_service_iam_member.deploy : "${grant.name} ${grant.role}"]) == toset(["records-api-dev roles/run.developer", "records-ingest-dev roles/run.developer", "records-prober-dev roles/run.developer"])
    error_message = "A deploy changes these services, and neither the gateway nor who may call."
  }
  assert {
    condition     = google_storage_bucket_iam_member.state["plan"].role == "roles/storage.objectViewer"
    error_message = "A plan does not write the state."
  }
}

run "names_are_refused" {
  command = plan
  module {
    source = "./modules/ci-identity"
  }
  variables {
    repository_id       = "owner/name"
    repository_owner_id = "owner"
  }
  expect_failures = [var.repository_id, var.repository_owner_id]
}

run "one_environment_for_both" {
  command = plan
  module {
    source = "./modules/ci-identity"
  }
  variables {
    environments = { apply = "dev", deploy = "dev" }
  }
  expect_failures = [var.environments]
}
