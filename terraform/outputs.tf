output "gateway_url" {
  description = "The address that clients use, with a key."
  value       = module.gateway.url
}

output "api_url" {
  description = "The API's own address, for the gateway and tests."
  value       = module.services.api_url
}

output "endpoints_service" {
  description = "The service that API keys are restricted to."
  value       = module.gateway.service_name
}

output "services" {
  description = "The services that are deployed, by their names on Cloud Run."
  value       = module.services.names
}

output "images" {
  description = "Where images are pushed to."
  value       = module.services.images
}

output "topic" {
  description = "Where producers publish."
  value       = module.ingest.topic
}

output "dataset" {
  description = "Where analysts look."
  value       = module.warehouse.dataset
}

output "ci" {
  description = "What workflows name to get their identity, and the accounts that they then are."
  value       = one([for identity in module.ci_identity : { provider = identity.provider, accounts = identity.accounts }])
}
