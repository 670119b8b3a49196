"""The Slack notifier: alerts from the queue in, Slack messages out."""
