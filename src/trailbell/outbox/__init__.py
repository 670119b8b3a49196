"""What leaves a function: alerts to their topic, messages to queues, letters of what failed."""
