"""How long things are kept."""

from typing import Literal

DAY_SECONDS = 86_400
DEAD_LETTERS_DAYS = 14
"""As long as SQS keeps a message: within it a dead letter may be redriven."""
STATE_SECONDS = (DEAD_LETTERS_DAYS + 2) * DAY_SECONDS
"""How long state outlives its use: a redriven dead letter must find what its event left, and EventBridge tries for one
day before, Lambda for a quarter of one."""

LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""
