# The services' accounts by name: their emails, what IAM calls them, and as resources.
output "emails" { value = { for name, account in google_service_account.services : name => account.email } }
output "members" { value = local.member }
output "account_names" { value = { for name, account in google_service_account.services : name => account.name } }
