output "topic" { value = google_pubsub_topic.records.name }
output "dead_letter_topic" { value = google_pubsub_topic.dead_letters.name }
output "subscription" { value = google_pubsub_subscription.records.name }
output "dead_letter_subscription" { value = google_pubsub_subscription.dead_letters.name }
