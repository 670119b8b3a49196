"""CloudTrail record -> Record: who did what, from where, to what."""
