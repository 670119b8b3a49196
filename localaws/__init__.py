"""A local AWS and a local Slack, for the demo and the end-to-end tests. Nothing here leaves this machine."""
