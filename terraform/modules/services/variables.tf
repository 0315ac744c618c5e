variable "project_id" { type = string }        # The project of the services.
variable "project_number" { type = string }    # Its number, which is part of their addresses.
variable "region" { type = string }            # Where they run.
variable "environment" { type = string }       # ENVIRONMENT of the services; empty for none.
variable "suffix" { type = string }            # Appended to names: "-dev".
variable "accounts" { type = map(string) }     # The service account of each.
variable "images" { type = map(string) }       # The image with which each is made; afterwards the deploy's.
variable "snapshots" { type = string }         # The bucket of the replica's snapshots.
variable "trace_ratio" { type = number }       # The share of traces that is sent, where the caller has not decided.
variable "deletion_protection" { type = bool } # Whether Terraform may not destroy a service.

variable "operator_key_secret" {
  type        = string
  default     = null
  description = "The secret that holds the operators' key; null where nobody erases from afar."
}

variable "push" {
  type        = object({ auth = string, audience = string, service_account = string })
  default     = null
  description = "How pushes prove to be Pub/Sub's; null where ingest pulls."

  validation {
    condition     = var.push == null ? true : contains(["iam", "oidc"], var.push.auth)
    error_message = "PUSH_AUTH is iam or oidc: with none anyone could push, and the service refuses to start."
  }
}

variable "api" {
  type        = object({ cpu = string, memory = string, instances_min = number, instances_max = number, replica_bytes_max = number })
  description = "How large the API is."

  validation {
    condition     = var.api.instances_min >= 1
    error_message = "At least one instance of the API: an empty one loads the replica first, which takes minutes."
  }
  validation {
    condition     = 2 * var.api.replica_bytes_max + 1073741824 <= tonumber(trimsuffix(var.api.memory, "Gi")) * 1073741824
    error_message = "The memory must hold the replica twice (a snapshot is a copy) and 1 GiB for Node: raise memory or lower replica_bytes_max."
  }
}

variable "ingest" {
  type        = object({ cpu = string, memory = string, instances_min = number, instances_max = number })
  description = "How large ingest is. Of workers, which no request scales, there are instances_min."

  validation {
    condition     = var.ingest.instances_min >= 1
    error_message = "At least one instance of ingest: without one nothing is pulled, and nothing drains the dead letters."
  }
}

variable "prober" {
  type        = object({ cpu = string, memory = string, instances_min = number, instances_max = number })
  default     = { cpu = "1", memory = "512Mi", instances_min = 1, instances_max = 1 }
  description = "How large the prober is: one is what its SLI counts."
}

variable "api_invokers" {
  type        = map(string)
  description = "Who may call the API, by a name for each: as IAM names them."

  validation {
    condition     = !anytrue([for member in values(var.api_invokers) : startswith(member, "all")])
    error_message = "The API is not public: the gateway is."
  }
}
