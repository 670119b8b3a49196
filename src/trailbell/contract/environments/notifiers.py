"""The environment that every notifier has. What a kind of destination is told besides stands in the kind's own file."""

from dataclasses import dataclass
from typing import ClassVar

from trailbell.contract.environments import FunctionEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierEnvironment(FunctionEnvironment):
    """What every notifier is told. They share a handler; the kind says which destination it makes."""

    handler: ClassVar[str] = "trailbell.functions.notifier.handler.handler"

    destination: str
    """A kind of `trailbell.destinations`."""
    queue_url: str
    """Its alerts."""
    dead_letters_url: str
    """What it will never be able to deliver."""
    claims_table: str
    """DynamoDB table: what is delivered."""
    windows_table: str | None = None
    """DynamoDB table: what the storm brake and the threads remember; None where it has neither."""
    alerts_per_minute: int | None = None
    """Its budget; None for none."""
    secret_arn: str | None = None
