"""Facts: what the detector works out of a record, for rules to name under the reserved key `trailbell`."""
