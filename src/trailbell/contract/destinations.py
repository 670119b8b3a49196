"""What a kind of destination and the stack that it is part of tell each other."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a kind may ask of its stack. Values may be CloudFormation's, which are known when it deploys."""

    account: str
    """12 digits."""
    partition: str
    region: str
    https_format: str
    """What SNS sends to HTTPS subscribers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a notifier's role is allowed besides what all of them are."""

    actions: Sequence[str]
    resources: Sequence[str]
