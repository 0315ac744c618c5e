variable "project_id" { type = string }     # The project of the services.
variable "project_number" { type = string } # Its number, by which Google names its own accounts.
variable "suffix" { type = string }         # Appended to names: "-dev".
variable "dataset" { type = string }        # The dataset's id.
variable "snapshots" { type = string }      # The bucket of the replica's snapshots.
variable "is_pulled" { type = bool }        # Whether ingest pulls; else Pub/Sub pushes.

variable "operator_key_secret" {
  type        = string
  default     = null
  description = "The secret that holds the operators' key; null for none."
}

variable "topics" {
  type        = object({ topic = string, dead_letter_topic = string, subscription = string, dead_letter_subscription = string })
  description = "The names of topics and subscriptions."
}

variable "publishers" {
  type        = list(string)
  description = "Who may publish records: serviceAccount:…, group:…"

  validation {
    condition     = !anytrue([for member in var.publishers : startswith(member, "all")])
    error_message = "The topic is nobody's to publish to without a name: neither allUsers nor allAuthenticatedUsers."
  }
}

variable "analysts" {
  type        = list(string)
  description = "Who may read the dataset: group:…, user:…"

  validation {
    condition     = !anytrue([for member in var.analysts : startswith(member, "all")])
    error_message = "The dataset is not public: neither allUsers nor allAuthenticatedUsers."
  }
}
