"""The detector: EventBridge event in, alerts out to the topic."""
