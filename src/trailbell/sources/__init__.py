"""Where CloudTrail records come from."""
