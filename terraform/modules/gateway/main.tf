# The only public way to the API: Cloud Endpoints knows the operations, keys and quota; ESPv2 on Cloud Run enforces them.
# openapi.json is written by `node test/terraform/generated.ts` from the API's own routes.

terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45" }
  }
}

locals {
  # A name of the project's own: it needs no proof of a domain, and does not wait for the address of what serves it.
  service_name = "records${var.suffix}.endpoints.${var.project_id}.cloud.goog"

  # One minute of one project that calls is what Endpoints can limit.
  quota = {
    reads  = var.reads_per_minute
    writes = var.writes_per_minute
  }

  # The gateway proves who it is by a token for the API's address.
  backend = {
    address         = var.api_url
    jwtAudience     = var.api_url
    pathTranslation = "APPEND_PATH_TO_ADDRESS"
    protocol        = "http/1.1"
  }

  document = merge(jsondecode(file("${path.module}/openapi.json")), {
    servers = [{ url = "https://${local.service_name}", "x-google-endpoint" = {} }]
    "x-google-api-management" = {
      backends = {
        api    = merge(local.backend, { deadline = 30 })
        export = merge(local.backend, { deadline = 300 })
      }
      metrics = { for name, _ in local.quota : name => { displayName = name } }
      quota   = { limits = { for name, limit in local.quota : "${name}-per-minute" => { metric = name, values = limit } } }
    }
  })
}

resource "google_endpoints_service" "records" {
  project        = var.project_id
  service_name   = local.service_name
  openapi_config = jsonencode(local.document)
}

# Keys of this project are keys of the API once its service is enabled.
resource "google_project_service" "records" {
  project            = var.project_id
  service            = google_endpoints_service.records.service_name
  disable_on_destroy = true
}

# To fetch the configuration, check keys and count quota; for this service alone.
resource "google_endpoints_service_iam_member" "gateway" {
  service_name = google_endpoints_service.records.service_name
  role         = "roles/servicemanagement.serviceController"
  member       = "serviceAccount:${var.account}"
}

resource "google_cloud_run_v2_service" "gateway" {
  project             = var.project_id
  location            = var.region
  name                = "records-gateway${var.suffix}"
  ingress             = "INGRESS_TRAFFIC_ALL"
  deletion_protection = var.deletion_protection

  scaling {
    min_instance_count = 1
  }

  template {
    service_account                  = var.account
    timeout                          = "300s"
    max_instance_request_concurrency = 500

    scaling {
      max_instance_count = var.instances_max
    }

    containers {
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        # Quota and reports are counted between requests.
        cpu_idle          = false
        startup_cpu_boost = true
        limits            = { cpu = "1", memory = "512Mi" }
      }

      startup_probe {
        period_seconds    = 5
        failure_threshold = 24
        timeout_seconds   = 4
        http_get {
          path = "/gateway-health"
        }
      }

      liveness_probe {
        period_seconds    = 10
        failure_threshold = 3
        timeout_seconds   = 4
        http_get {
          path = "/gateway-health"
        }
      }

      env {
        name  = "ENDPOINTS_SERVICE_NAME"
        value = google_endpoints_service.records.service_name
      }
      # Named, so that a changed document is a new revision, and an old revision keeps serving its own.
      env {
        name  = "ENDPOINTS_SERVICE_VERSION"
        value = google_endpoints_service.records.config_id
      }
      # With its own sampling it would decide, for every trace, that the API sends none of a thousand but one.
      env {
        name  = "ESPv2_ARGS"
        value = "--disable_tracing,--healthz=gateway-health"
      }
    }
  }

  depends_on = [google_endpoints_service_iam_member.gateway, google_project_service.records]
}

# The gateway is public: it is what checks keys.
resource "google_cloud_run_v2_service_iam_member" "public" {
  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.gateway.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
