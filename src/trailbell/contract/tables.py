"""What the tables are keyed by: the stack makes them so, the functions read and write them so."""

CLAIMS_KEY, CLAIMS_TTL = "id", "expiration"
"""Of the claims table: Powertools' own defaults.

https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency/#dynamodbpersistencelayer
"""
WINDOWS_KEY, WINDOWS_SORT_KEY, WINDOWS_TTL = "id", "entry", "expires_at"
"""Of the windows table."""
DUE_INDEX, DUE_SHARD, DUE_AT = "due", "due_shard", "due_at"
"""The windows table's index of what is to be done when, and its keys: a text, and milliseconds since 1970."""
SWEEP_SECONDS = 50
"""How long a sweep of what is due may take, and how long it holds what it took: over before the next begins."""
