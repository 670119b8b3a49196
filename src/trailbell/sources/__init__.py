"""Where CloudTrail records come from: one file a source, named by a line of the registry."""
