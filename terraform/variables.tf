variable "project_id" {
  type        = string
  description = "The project that everything is made in."
}

variable "project_number" {
  type        = string
  description = "Its number: gcloud projects describe PROJECT --format='value(projectNumber)'"

  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.project_number))
    error_message = "The project's number, not its id."
  }
}

variable "environment" {
  type        = string
  default     = ""
  description = "One of several environments in a project, as ENVIRONMENT of the services: a suffix to every name. Empty for none."

  validation {
    # Accounts' names have 30 characters at most.
    condition     = can(regex("^([a-z][a-z0-9]{0,11})?$", var.environment))
    error_message = "A short name in small letters and digits, such as dev: 12 characters at most."
  }
}

variable "region" {
  type        = string
  default     = "us-central1"
  description = "Where the services run. The SLOs select it (runsOn in slo/services)."

  validation {
    condition     = !var.monitoring || strcontains(file("${path.module}/monitoring/records-api.tf.json"), "\"location\": \"${var.region}\"")
    error_message = "The SLOs select services of another region, and would see none: change runsOn in slo/services and run burnline generate."
  }
}

variable "dataset_location" {
  type        = string
  default     = "US"
  description = "Where BigQuery keeps the data; it cannot be changed. A multi-region takes 3 GB/s, a region 300 MB/s."
}

variable "delivery" {
  type        = string
  default     = "pull"
  description = "pull: workers take messages, for any rate. push: Pub/Sub brings them one by one, for low rates."

  validation {
    condition     = contains(["pull", "push"], var.delivery)
    error_message = "pull or push."
  }
}

variable "push_auth" {
  type        = string
  default     = "iam"
  description = "PUSH_AUTH where messages are pushed: iam (only Pub/Sub's account gets in) or oidc (the app verifies each token)."

  validation {
    condition     = contains(["iam", "oidc"], var.push_auth)
    error_message = "iam or oidc: with none anyone could push, and the service refuses to start."
  }
}

variable "publishers" {
  type        = list(string)
  default     = []
  description = "Who may publish records: serviceAccount:…, group:…"
}

variable "analysts" {
  type        = list(string)
  default     = []
  description = "Who may read the dataset: group:…, user:…"
}

variable "operators" {
  type        = list(string)
  default     = []
  description = "Who may call the API past the gateway, to erase: user:…, group:…"
}

variable "operator_key_secret" {
  type        = string
  default     = null
  description = "The secret in Secret Manager that holds the operators' key, made by hand; null where nobody erases from afar."
}

variable "images" {
  type = object({ api = string, ingest = string, prober = string })
  default = {
    api    = "us-docker.pkg.dev/cloudrun/container/hello"
    ingest = "us-docker.pkg.dev/cloudrun/container/hello"
    prober = "us-docker.pkg.dev/cloudrun/container/hello"
  }
  description = "The image with which each service is made. The default answers every path, until the first deploy brings ours."
}

variable "api" {
  type = object({ cpu = string, memory = string, instances_min = number, instances_max = number, replica_bytes_max = number })
  default = {
    cpu               = "1"
    memory            = "4Gi"
    instances_min     = 1
    instances_max     = 4
    replica_bytes_max = 1073741824
  }
  description = "How large the API is. Each instance follows the table by itself, which is a dollar a day of queries."
}

variable "ingest" {
  type = object({ cpu = string, memory = string, instances_min = number, instances_max = number })
  default = {
    cpu           = "1"
    memory        = "1Gi"
    instances_min = 1
    instances_max = 4
  }
  description = "How large ingest is. Of workers, which no request scales, there are instances_min."
}

variable "gateway" {
  type = object({ image = string, instances_max = number, reads_per_minute = number, writes_per_minute = number })
  default = {
    image             = "gcr.io/endpoints-release/endpoints-runtime-serverless:2.55.7"
    instances_max     = 4
    reads_per_minute  = 6000
    writes_per_minute = 600
  }
  description = "The gateway's image and size, and what each caller's project may ask a minute."
}

variable "trace_ratio" {
  type        = number
  default     = 0.05
  description = "The share of requests whose trace is sent, where the caller has not decided."

  validation {
    condition     = var.trace_ratio >= 0 && var.trace_ratio <= 1
    error_message = "A share from 0 to 1."
  }
}

variable "monitoring" {
  type        = bool
  default     = false
  description = "Whether SLOs, alerts and dashboards are made: false for the first apply, true once the services have sent metrics."
}

variable "host" {
  type        = string
  default     = null
  description = "The API's host where a domain of its own leads to the gateway; null for Cloud Run's."
}

variable "alert_emails" {
  type        = list(string)
  default     = []
  description = "Who hears of alerts and of the budget by email."
}

variable "page_channels" {
  type        = list(string)
  default     = []
  description = "Names of further channels that get pages, made where their secrets are no part of a state."
}

variable "ticket_channels" {
  type        = list(string)
  default     = []
  description = "Names of further channels that get tickets."
}

variable "query_mebibytes_per_day" {
  type        = number
  default     = null
  description = "What queries may read a day in the whole project, in MiB; null leaves Google's own limit of 200 TiB."
}

variable "billing_account" {
  type        = string
  default     = null
  description = "The billing account of the budget; null for no budget."
}

variable "monthly_budget" {
  type        = number
  default     = 300
  description = "What a month may cost, in whole units of the billing account's currency."
}

variable "github" {
  type = object({
    repository_id       = string
    repository_owner_id = string
    environments        = object({ apply = string, deploy = string })
    state_bucket        = string
  })
  default     = null
  description = "The repository whose workflows plan, apply and deploy, by numbers; null for none."
}

variable "deletion_protection" {
  type        = bool
  default     = true
  description = "Whether Terraform may destroy neither tables nor services: false for environments that come and go."
}
