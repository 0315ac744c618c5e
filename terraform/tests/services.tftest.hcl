mock_provider "google" {}

variables {
  project_id     = "p"
  project_number = "42"
  region         = "us-central1"
  environment    = "dev"
  suffix         = "-dev"
  accounts       = { api = "api@p", ingest = "ingest@p", prober = "prober@p" }
  images         = { api = "first", ingest = "first", prober = "first" }
  snapshots      = "bucket"
  api            = { cpu = "1", memory = "4Gi", instances_min = 1, instances_max = 4, replica_bytes_max = 1073741824 }
  ingest         = { cpu = "1", memory = "1Gi", instances_min = 1, instances_max = 4 }
  trace_ratio    = 0.05
  api_invokers   = { gateway = "serviceAccount:gateway@p" }

  deletion_protection = true
}

run "made" {
  module {
    source = "./modules/services"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.services : !service.template[0].containers[0].resources[0].cpu_idle])
    error_message = "CPU is there between requests: replica, pull and telemetry work then."
  }
  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.services : service.scaling[0].min_instance_count >= 1])
    error_message = "At least one instance of each service."
  }
  assert {
    condition = alltrue([for service in google_cloud_run_v2_service.services :
      service.template[0].containers[0].startup_probe[0].http_get[0].path == "/ready" &&
      service.template[0].containers[0].liveness_probe[0].http_get[0].path == "/health" &&
    service.template[0].containers[0].startup_probe[0].period_seconds * service.template[0].containers[0].startup_probe[0].failure_threshold <= 240])
    error_message = "Ready is waited for, for at most the four minutes that Cloud Run gives; alive is asked ever after."
  }
  assert {
    condition     = length(distinct([for service in google_cloud_run_v2_service.services : service.template[0].service_account])) == 3
    error_message = "Each service is an account of its own."
  }
  assert {
    condition     = [for grant in google_cloud_run_v2_service_iam_member.api : grant.member] == ["serviceAccount:gateway@p"]
    error_message = "The API is asked by those named and no one else."
  }
  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.pusher) == 0 && google_cloud_run_v2_service.services["ingest"].ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    error_message = "A worker is asked by nobody."
  }
  assert {
    condition     = { for env in google_cloud_run_v2_service.services["api"].template[0].containers[0].env : env.name => env.value }["OTEL_SERVICE_NAME"] == google_cloud_run_v2_service.services["api"].name
    error_message = "The SLOs select the job by the service's name."
  }
  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.services : contains(service.template[0].containers[0].env[*].name, "GOOGLE_CLOUD_REGION") && contains(service.template[0].containers[0].env[*].value, "https://telemetry.googleapis.com")])
    error_message = "Google drops points without a location."
  }
  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.services : alltrue([for env in service.template[0].containers[0].env : length(env.value_source) == 0])])
    error_message = "No service needs a secret where nobody erases."
  }
}

run "operators" {
  command = plan
  module {
    source = "./modules/services"
  }
  variables {
    operator_key_secret = "key"
  }

  assert {
    condition = { for name, service in google_cloud_run_v2_service.services : name => [
      for env in service.template[0].containers[0].env : "${env.name} ${env.value_source[0].secret_key_ref[0].secret}" if length(env.value_source) > 0
    ] } == { api = ["BURNLINE_OPERATOR_KEYS key"], ingest = [], prober = ["BURNLINE_API_KEY key"] }
    error_message = "The key comes from Secret Manager, to those who compare and send it."
  }
}

# A second apply after the deploy has brought another image.
run "image_is_the_deploys" {
  module {
    source = "./modules/services"
  }
  variables {
    images = { api = "second", ingest = "second", prober = "second" }
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.services : service.template[0].containers[0].image == "first"])
    error_message = "Terraform leaves a running image alone."
  }
}

run "pushed_with_iam" {
  module {
    source = "./modules/services"
  }
  variables {
    push = { auth = "iam", audience = "https://a", service_account = "pusher@p" }
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.pusher[0].member == "serviceAccount:pusher@p" && google_cloud_run_v2_service.services["ingest"].ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    error_message = "Only Pub/Sub's account gets in."
  }
  assert {
    condition     = google_cloud_run_v2_service.services["ingest"].custom_audiences == tolist(["https://a"])
    error_message = "Cloud Run takes the audience that the tokens are for."
  }
}

run "pushed_with_oidc" {
  module {
    source = "./modules/services"
  }
  variables {
    push = { auth = "oidc", audience = "https://a", service_account = "pusher@p" }
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.pusher[0].member == "allUsers"
    error_message = "Anyone may ask, and the app verifies the whole token."
  }
  assert {
    condition     = { for env in google_cloud_run_v2_service.services["ingest"].template[0].containers[0].env : env.name => env.value }["PUSH_AUTH"] == "oidc"
    error_message = "The app is told to verify."
  }
}

run "pushed_without_proof" {
  command = plan
  module {
    source = "./modules/services"
  }
  variables {
    push = { auth = "none", audience = "https://a", service_account = "pusher@p" }
  }
  expect_failures = [var.push]
}

run "public_api" {
  command = plan
  module {
    source = "./modules/services"
  }
  variables {
    api_invokers = { everybody = "allUsers" }
  }
  expect_failures = [var.api_invokers]
}

run "no_instance" {
  command = plan
  module {
    source = "./modules/services"
  }
  variables {
    api    = { cpu = "1", memory = "4Gi", instances_min = 0, instances_max = 4, replica_bytes_max = 1073741824 }
    ingest = { cpu = "1", memory = "1Gi", instances_min = 0, instances_max = 4 }
  }
  expect_failures = [var.api, var.ingest]
}

run "replica_larger_than_memory" {
  command = plan
  module {
    source = "./modules/services"
  }
  variables {
    api = { cpu = "1", memory = "2Gi", instances_min = 1, instances_max = 4, replica_bytes_max = 1073741824 }
  }
  expect_failures = [var.api]
}
