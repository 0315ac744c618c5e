variable "project_id" { type = string }    # The project that workflows work in.
variable "region" { type = string }        # Where the services run.
variable "suffix" { type = string }        # Appended to names: "-dev".
variable "state_bucket" { type = string }  # The bucket of Terraform's state.
variable "accounts" { type = map(string) } # The services' accounts, as resources.
variable "services" { type = map(string) } # The services that are deployed, by their names on Cloud Run.
variable "repository" { type = string }    # The image repository's id.
variable "topic" { type = string }         # The topic's name.
variable "dataset" { type = string }       # The dataset's id.

variable "repository_id" {
  type        = string
  description = "The repository's number: gh api repos/OWNER/NAME --jq .id"

  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.repository_id))
    error_message = "The repository's number, not its name: a name that is given up can be taken by somebody else."
  }
}

variable "repository_owner_id" {
  type        = string
  description = "The owner's number: gh api repos/OWNER/NAME --jq .owner.id"

  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.repository_owner_id))
    error_message = "The owner's number, not its name: a name that is given up can be taken by somebody else."
  }
}

variable "environments" {
  type        = object({ apply = string, deploy = string })
  description = "The GitHub environments whose jobs apply and deploy; each with the approvals that it asks for."

  validation {
    condition     = var.environments.apply != var.environments.deploy && alltrue([for name in values(var.environments) : can(regex("^[\\w-]+$", name))])
    error_message = "Two environments, each named by letters, digits and hyphens."
  }
}

variable "ref" {
  type        = string
  default     = "refs/heads/main"
  description = "The branch whose jobs may apply and deploy."

  validation {
    condition     = can(regex("^refs/heads/[\\w./-]+$", var.ref))
    error_message = "A branch: refs/heads/main."
  }
}

variable "billing_account" {
  type        = string
  default     = null
  description = "The billing account of the budget; null for none."
}
