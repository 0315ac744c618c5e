# The services' names on Cloud Run.
output "names" { value = { for name, service in google_cloud_run_v2_service.services : name => service.name } }
output "api_url" { value = google_cloud_run_v2_service.services["api"].uri }
# Where images are pushed to.
output "images" { value = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}" }
output "repository" { value = google_artifact_registry_repository.images.repository_id }
