# The platform's services on Cloud Run. Terraform makes them and owns how they run; the deploy owns the image and the traffic.

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

locals {
  # The API as others of the project reach it, known before it is made.
  api_url = "https://records-api${var.suffix}-${var.project_number}.${var.region}.run.app"

  # Google drops points without a location, and Cloud Run tells none; the job of a series is the service's name, which the SLOs
  # select. Cloud Run takes the logs from stdout: sent by OTLP as well, each would be there twice.
  telemetry = {
    GOOGLE_CLOUD_REGION         = var.region
    OTEL_EXPORTER_OTLP_ENDPOINT = "https://telemetry.googleapis.com"
    OTEL_LOGS_EXPORTER          = "none"
    OTEL_TRACES_SAMPLER         = "parentbased_traceidratio"
    OTEL_TRACES_SAMPLER_ARG     = tostring(var.trace_ratio)
  }

  common = merge(local.telemetry, {
    GOOGLE_CLOUD_PROJECT = var.project_id
    WAREHOUSE            = "bigquery"
    TOPIC                = "pubsub"
  }, var.environment == "" ? {} : { ENVIRONMENT = var.environment })

  push = var.push == null ? {} : {
    PUSH_AUTH            = var.push.auth
    PUSH_AUDIENCE        = var.push.audience
    PUSH_SERVICE_ACCOUNT = var.push.service_account
  }

  services = {
    api = {
      ingress     = "INGRESS_TRAFFIC_ALL" # the gateway comes from outside, as all of Cloud Run does without a VPC; IAM keeps others out
      size        = var.api
      concurrency = 200
      timeout     = "300s" # GET /data streams every record
      audiences   = [local.api_url]
      env = {
        REPLICA_SNAPSHOT = "gs://${var.snapshots}/replica.sqlite"
        # The disk is memory, and a snapshot being put is a second copy.
        REPLICA_BYTES_MAX = tostring(var.api.replica_bytes_max)
      }
      secret = "BURNLINE_OPERATOR_KEYS" # who knows it may erase
    }
    ingest = {
      # Pub/Sub of the same project is inside; a worker is asked by nobody.
      ingress     = try(var.push.auth, "") == "oidc" ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_ONLY"
      size        = var.ingest
      concurrency = 200
      timeout     = "60s" # the subscription's ack deadline
      audiences   = var.push == null ? [] : [var.push.audience]
      env         = local.push
      secret      = null
    }
    prober = {
      ingress     = "INGRESS_TRAFFIC_INTERNAL_ONLY" # it asks, and is not asked
      size        = var.prober
      concurrency = 1
      timeout     = "60s"
      audiences   = []
      env         = { PROBE_API_URL = local.api_url, PROBE_AUDIENCE = local.api_url }
      secret      = "BURNLINE_API_KEY" # by which it erases its own records
    }
  }
}

resource "google_cloud_run_v2_service" "services" {
  for_each = local.services

  project             = var.project_id
  location            = var.region
  name                = "records-${each.key}${var.suffix}"
  ingress             = each.value.ingress
  custom_audiences    = each.value.audiences
  deletion_protection = var.deletion_protection

  # Of the service and not of each revision: one that waits for its traffic, or has lost it, holds none.
  scaling {
    min_instance_count = each.value.size.instances_min
  }

  template {
    service_account                  = var.accounts[each.key]
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    timeout                          = each.value.timeout
    max_instance_request_concurrency = each.value.concurrency

    scaling {
      max_instance_count = each.value.size.instances_max
    }

    containers {
      image = var.images[each.key]

      ports {
        container_port = 8080
      }

      resources {
        # Replica, pull, probes and the flush of telemetry work between requests.
        cpu_idle          = false
        startup_cpu_boost = true
        limits            = { cpu = each.value.size.cpu, memory = each.value.size.memory }
      }

      # Ready once the replica is loaded and fresh. Cloud Run waits for four minutes at most.
      startup_probe {
        period_seconds    = 5
        failure_threshold = 48
        timeout_seconds   = 4
        http_get {
          path = "/ready"
        }
      }

      # Alive: a replica that lags behind is none to restart for.
      liveness_probe {
        period_seconds    = 10
        failure_threshold = 3
        timeout_seconds   = 4
        http_get {
          path = "/health"
        }
      }

      dynamic "env" {
        for_each = merge(local.common, { OTEL_SERVICE_NAME = "records-${each.key}${var.suffix}" }, each.value.env)
        content {
          name  = env.key
          value = env.value
        }
      }

      # A reference: the key itself is in no state.
      dynamic "env" {
        for_each = var.operator_key_secret == null || each.value.secret == null ? [] : [each.value.secret]
        content {
          name = env.value
          value_source {
            secret_key_ref {
              secret  = var.operator_key_secret
              version = "latest"
            }
          }
        }
      }
    }
  }

  lifecycle {
    # The deploy's: a new revision gets its image, its name and its share of the traffic by tests, not by Terraform.
    ignore_changes = [
      template[0].containers[0].image,
      template[0].revision,
      template[0].labels,
      template[0].annotations,
      traffic,
      client,
      client_version,
    ]
  }
}

# The API is asked by those who are named here and no one else: keys and quota are checked at the gateway.
resource "google_cloud_run_v2_service_iam_member" "api" {
  for_each = var.api_invokers

  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.services["api"].name
  role     = "roles/run.invoker"
  member   = each.value
}

# With iam, Cloud Run lets Pub/Sub's account in and no other; with oidc anyone may ask, and the app verifies the whole token.
resource "google_cloud_run_v2_service_iam_member" "pusher" {
  count = var.push == null ? 0 : 1

  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.services["ingest"].name
  role     = "roles/run.invoker"
  member   = var.push.auth == "oidc" ? "allUsers" : "serviceAccount:${var.push.service_account}"
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project_id
  location      = var.region
  repository_id = "burnline${var.suffix}"
  format        = "DOCKER"
  description   = "Images of the services, by digest."

  docker_config {
    immutable_tags = true
  }

  # A rollback needs the last ones; the rest costs storage.
  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }
}
