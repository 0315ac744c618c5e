# The platform in one project and environment. docs/deploy.md goes through it step by step.

locals {
  suffix  = var.environment == "" ? "" : "-${var.environment}"
  dataset = join("_", compact(["latam", var.environment]))

  is_pulled = var.delivery == "pull"
  ingest    = "records-ingest${local.suffix}"
  # Cloud Run's own form of an address, known before the service is made: service and subscription each need the other's.
  push_audience = "https://${local.ingest}-${var.project_number}.${var.region}.run.app"

  alert_channels = [for channel in google_monitoring_notification_channel.email : channel.name]
}

resource "google_project_service" "apis" {
  for_each = toset([
    "apikeys", "artifactregistry", "bigquery", "bigquerystorage", "billingbudgets", "cloudquotas", "cloudresourcemanager", "cloudtrace", "iam",
    "iamcredentials", "logging", "monitoring", "pubsub", "run", "secretmanager", "servicecontrol", "servicemanagement", "serviceusage", "storage",
    "sts", "telemetry",
  ])

  project = var.project_id
  service = "${each.key}.googleapis.com"
  # Others of the project may use it.
  disable_on_destroy = false
}

module "ingest" {
  source = "./modules/ingest"

  project_id = var.project_id
  suffix     = local.suffix
  push = local.is_pulled ? null : {
    endpoint        = "${local.push_audience}/"
    audience        = local.push_audience
    service_account = module.access.emails.pusher
  }

  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.apis]
}

module "warehouse" {
  source = "./modules/warehouse"

  project_id          = var.project_id
  dataset             = local.dataset
  location            = var.dataset_location
  region              = var.region
  suffix              = local.suffix
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.apis]
}

module "access" {
  source = "./modules/access"

  project_id     = var.project_id
  project_number = var.project_number
  suffix         = local.suffix
  dataset        = module.warehouse.dataset
  snapshots      = module.warehouse.snapshots
  topics = {
    topic                    = module.ingest.topic
    dead_letter_topic        = module.ingest.dead_letter_topic
    subscription             = module.ingest.subscription
    dead_letter_subscription = module.ingest.dead_letter_subscription
  }
  is_pulled           = local.is_pulled
  publishers          = var.publishers
  analysts            = var.analysts
  operator_key_secret = var.operator_key_secret

  depends_on = [google_project_service.apis]
}

module "services" {
  source = "./modules/services"

  project_id     = var.project_id
  project_number = var.project_number
  region         = var.region
  environment    = var.environment
  suffix         = local.suffix
  accounts       = module.access.emails
  images         = var.images
  snapshots      = module.warehouse.snapshots
  push = local.is_pulled ? null : {
    auth            = var.push_auth
    audience        = local.push_audience
    service_account = module.access.emails.pusher
  }
  api                 = var.api
  ingest              = var.ingest
  trace_ratio         = var.trace_ratio
  operator_key_secret = var.operator_key_secret
  api_invokers = merge(
    { gateway = module.access.members.gateway, prober = module.access.members.prober },
    { for member in var.operators : member => member },
  )
  deletion_protection = var.deletion_protection

  # A service that may not read its tables yet is not ready, and a service that is not ready is not made.
  depends_on = [module.access]
}

module "gateway" {
  source = "./modules/gateway"

  project_id          = var.project_id
  region              = var.region
  suffix              = local.suffix
  account             = module.access.emails.gateway
  api_url             = module.services.api_url
  image               = var.gateway.image
  instances_max       = var.gateway.instances_max
  reads_per_minute    = var.gateway.reads_per_minute
  writes_per_minute   = var.gateway.writes_per_minute
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.apis]
}

module "ci_identity" {
  source = "./modules/ci-identity"
  count  = var.github == null ? 0 : 1

  project_id          = var.project_id
  region              = var.region
  suffix              = local.suffix
  repository_id       = var.github.repository_id
  repository_owner_id = var.github.repository_owner_id
  environments        = var.github.environments
  state_bucket        = var.github.state_bucket
  accounts            = module.access.account_names
  services            = module.services.names
  repository          = module.services.repository
  topic               = module.ingest.topic
  dataset             = module.warehouse.dataset
  billing_account     = var.billing_account

  depends_on = [google_project_service.apis]
}

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alert_emails)

  project      = var.project_id
  type         = "email"
  display_name = "${each.key}${local.suffix}"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.apis]
}

# Only once the services have sent their metrics: Cloud Monitoring makes no SLO on a metric that it has never seen.
module "monitoring" {
  source = "./monitoring"
  count  = var.monitoring ? 1 : 0

  project_id               = var.project_id
  name_suffix              = local.suffix
  page_channels            = concat(var.page_channels, local.alert_channels)
  ticket_channels          = concat(var.ticket_channels, local.alert_channels)
  records_api_outside_host = coalesce(var.host, module.gateway.host)
}

module "cost" {
  source = "./modules/cost"

  project_id              = var.project_id
  project_number          = var.project_number
  suffix                  = local.suffix
  services                = concat(values(module.services.names), [module.gateway.name])
  query_mebibytes_per_day = var.query_mebibytes_per_day
  contact_email           = try(var.alert_emails[0], null)
  billing_account         = var.billing_account
  monthly_budget          = var.monthly_budget
  channels                = slice(local.alert_channels, 0, min(5, length(local.alert_channels)))

  depends_on = [google_project_service.apis]
}
