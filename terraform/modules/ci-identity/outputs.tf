# What a workflow names to get its identity, and the accounts that it then is.
output "provider" { value = google_iam_workload_identity_pool_provider.github.name }
output "accounts" { value = { for job, account in google_service_account.ci : job => account.email } }
