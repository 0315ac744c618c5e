variable "project_id" { type = string }     # The project that costs.
variable "project_number" { type = string } # Its number, by which a budget names it.
variable "suffix" { type = string }         # Appended to names: "-dev".
variable "services" { type = list(string) } # The services whose health checks are not logged.

variable "query_mebibytes_per_day" {
  type        = number
  default     = null
  description = "What queries may read a day in the whole project, in MiB; null leaves Google's own limit of 200 TiB."

  validation {
    condition     = var.query_mebibytes_per_day == null ? true : var.query_mebibytes_per_day >= 1048576
    error_message = "At least 1048576 MiB (1 TiB): following the table takes about 0.2 TiB a day and instance, and a comparison the whole table."
  }
}

variable "contact_email" {
  type        = string
  default     = null
  description = "Whom Google asks about the quota: somebody who may change it."
}

variable "billing_account" {
  type        = string
  default     = null
  description = "The billing account; null makes no budget."
}

variable "monthly_budget" {
  type        = number
  default     = 300
  description = "What a month may cost, in whole units of the billing account's currency."
}

variable "channels" {
  type        = list(string)
  default     = []
  description = "Notification channels that hear of the budget; five at most."

  validation {
    condition     = length(var.channels) <= 5
    error_message = "A budget tells five channels at most."
  }
}
