"""Stand-ins on the loopback address for those who get alerts: as strict as they are."""
