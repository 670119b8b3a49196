"""Makes a client of an AWS service with explicit time-outs: boto3's own are a minute each, tried five times."""

from typing import Any

CONNECT_SECONDS = 3
READ_SECONDS = 10
ATTEMPTS = 3


def aws_client(
    service: str, *, region: str | None = None, read_seconds: float = READ_SECONDS, attempts: int = ATTEMPTS
) -> Any:
    """Return a client; `region` is the function's own if left out."""
    # Imported here, so that no module of the library needs boto3 to be read.
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    return boto3.client(service, region_name=region, config=config)  # type: ignore[call-overload]  # any service
