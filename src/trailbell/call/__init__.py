"""One call's parameters and response, read safely: what they open, grant and share."""
