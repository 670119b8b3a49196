"""The one way in which a function makes a client of AWS: with time-outs, so that a silent endpoint costs it seconds.

boto3's own are a minute for a connection and a minute for an answer, five times: longer than a function may run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailbell.contract.version import VERSION

if TYPE_CHECKING:
    from botocore.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a client waits for a service."""

    connect_seconds: float = 2
    read_seconds: float = 5
    attempts: int = 3
    """The first one counts."""

    @property
    def longest_seconds(self) -> float:
        """Return what one call may take: each attempt to its end, and botocore's pauses of 1, 2, 4 ... seconds between.

        https://docs.aws.amazon.com/boto3/latest/guide/retries.html#standard-retry-mode
        """
        return self.attempts * (self.connect_seconds + self.read_seconds) + 2.0 ** (self.attempts - 1) - 1


USUAL = Patience()
BY_SERVICE: Mapping[str, Patience] = {
    # DynamoDB answers within milliseconds. One that does not is waited for rather than asked again: the second request
    # for a claim would find the first one's, and take it for somebody else's.
    "dynamodb": Patience(connect_seconds=1, read_seconds=5, attempts=3),
    # The last good config is at hand: better go on with it than wait.
    "appconfigdata": Patience(connect_seconds=1, read_seconds=3, attempts=2),
}


def client_config(service: str, waits: Patience | None = None) -> "Config":
    """Return what boto3 is told, by us or by Powertools."""
    # Imported here: an event that does not alert needs no botocore.
    from botocore.config import Config

    waits = waits or BY_SERVICE.get(service, USUAL)
    return Config(
        connect_timeout=waits.connect_seconds,
        read_timeout=waits.read_seconds,
        retries={"mode": "standard", "total_max_attempts": waits.attempts},
        user_agent_extra=f"trailbell/{VERSION}",
    )


def connect(service: str, *, region: str | None = None, waits: Patience | None = None) -> Any:
    """Return a boto3 client, of the function's own region unless another one is named.

    `waits` is for a call that takes its time.
    """
    import boto3

    return boto3.client(service, region_name=region, config=client_config(service, waits))  # type: ignore[call-overload] # any service
