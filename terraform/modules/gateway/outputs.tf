output "url" { value = google_cloud_run_v2_service.gateway.uri }
output "host" { value = trimprefix(google_cloud_run_v2_service.gateway.uri, "https://") }
output "name" { value = google_cloud_run_v2_service.gateway.name }
# What API keys are restricted to.
output "service_name" { value = google_endpoints_service.records.service_name }
