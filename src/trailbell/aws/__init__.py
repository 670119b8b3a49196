"""What AWS calls things, where its console shows them, and what a call to each service does: a file a service."""
