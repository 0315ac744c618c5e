mock_provider "google" {}

variables {
  project_id        = "p"
  region            = "us-central1"
  suffix            = "-dev"
  account           = "gateway@p"
  api_url           = "https://records-api-dev.example.com"
  image             = "espv2"
  instances_max     = 2
  reads_per_minute  = 6000
  writes_per_minute = 600

  deletion_protection = true
}

run "document" {
  module {
    source = "./modules/gateway"
  }

  assert {
    condition     = startswith(jsondecode(google_endpoints_service.records.openapi_config).openapi, "3.0.")
    error_message = "Cloud Endpoints takes OpenAPI 3.0.x, and not 3.1."
  }
  assert {
    condition     = jsondecode(google_endpoints_service.records.openapi_config).servers == [{ url = "https://records-dev.endpoints.p.cloud.goog", "x-google-endpoint" = {} }]
    error_message = "Exactly one server is the endpoint, and it has the service's name."
  }
  assert {
    condition = alltrue([for backend in jsondecode(google_endpoints_service.records.openapi_config)["x-google-api-management"].backends :
    backend.address == "https://records-api-dev.example.com" && backend.jwtAudience == backend.address])
    error_message = "Requests go to the API, with a token for it."
  }
  assert {
    condition = alltrue(flatten([for methods in jsondecode(google_endpoints_service.records.openapi_config).paths : [for operation in methods :
    contains(keys(operation), "security") == contains(keys(operation), "x-google-quota")]]))
    error_message = "What needs a key counts against its quota."
  }
  assert {
    condition = toset(flatten([for path, methods in jsondecode(google_endpoints_service.records.openapi_config).paths : [for method, operation in methods :
    "${method} ${path}" if !contains(keys(operation), "security")]])) == toset(["get /", "get /docs", "get /docs/docs.css", "get /health", "get /openapi.json", "get /ready"])
    error_message = "Nothing of a record is served without a key."
  }
  assert {
    condition     = !contains(keys(jsondecode(google_endpoints_service.records.openapi_config).paths["/records/{id}"]), "delete")
    error_message = "Erasing is an operator's, and stays behind the gateway."
  }
}

run "service" {
  module {
    source = "./modules/gateway"
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.public.member == "allUsers"
    error_message = "Clients reach the gateway."
  }
  assert {
    condition     = !google_cloud_run_v2_service.gateway.template[0].containers[0].resources[0].cpu_idle && google_cloud_run_v2_service.gateway.scaling[0].min_instance_count == 1
    error_message = "One instance is always awake."
  }
  assert {
    condition     = google_endpoints_service_iam_member.gateway.role == "roles/servicemanagement.serviceController" && google_endpoints_service_iam_member.gateway.service_name == google_endpoints_service.records.service_name
    error_message = "The gateway controls its own service, and no other."
  }
}
