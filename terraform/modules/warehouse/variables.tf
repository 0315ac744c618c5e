variable "project_id" { type = string }        # The project of the dataset.
variable "dataset" { type = string }           # The dataset: latam, or latam_dev.
variable "location" { type = string }          # Where BigQuery keeps the data. It cannot be changed.
variable "deletion_protection" { type = bool } # Whether Terraform may neither destroy a table nor a dataset that holds any.
variable "region" { type = string }            # Where snapshots are kept: beside the API that starts from them.

variable "suffix" {
  type        = string
  default     = ""
  description = "Appended to names: \"-dev\"."
}
