variable "project_id" { type = string }        # The project of the topic.
variable "deletion_protection" { type = bool } # Whether Terraform may destroy neither a topic nor a subscription.

variable "suffix" {
  type        = string
  default     = ""
  description = "Appended to names: \"-dev\"."
}

variable "retention_days" {
  type        = number
  default     = 31
  description = "How long a message that nobody took is kept. An emulator takes 7 at most."

  validation {
    condition     = var.retention_days >= 7 && var.retention_days <= 31
    error_message = "Pub/Sub keeps messages for 31 days at most, and below 7 an outage over holidays loses some."
  }
}

variable "push" {
  type        = object({ endpoint = string, audience = string, service_account = string })
  default     = null
  description = "Where messages are pushed to, and what their token says; null where they are pulled."

  validation {
    condition     = var.push == null ? true : startswith(var.push.endpoint, "https://")
    error_message = "Pub/Sub pushes to https only."
  }
}
