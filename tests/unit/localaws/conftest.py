"""MiniStack in this process: nothing is started, nothing listens."""

from collections.abc import Iterator

import pytest
from ministack.services import (
    appconfig,
    cloudformation,
    cloudtrail,
    cloudwatch,
    cloudwatch_logs,
    dynamodb,
    lambda_svc,
    s3,
    secretsmanager,
)

STORES = (appconfig, cloudtrail, cloudwatch, cloudwatch_logs, dynamodb, lambda_svc, s3, secretsmanager)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Leave nothing of one test to the next."""
    yield
    for store in (cloudformation, *STORES):
        store.reset()
