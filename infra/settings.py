"""What the stacks need to know, worked out by from_config.py from the config."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trailbell.contract.destinations import Statement, Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.contract.places import Place
from trailbell.contract.retention import LogRetentionDays


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSettings:
    """One EventBridge rule that the filter compiler made."""

    pattern: Mapping[str, Any]
    """A whole event pattern: source, detail-type, detail."""
    read_only: bool
    """Whether it must see read-only events, which EventBridge hides from rules in the plain state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierSettings:
    """A destination that needs a function."""

    name: str
    """What its resources and outputs are called by: `Slack`."""
    title: str
    """What people call it."""
    kind: str
    """As routes call it."""
    environment: Callable[..., NotifierEnvironment]
    """Makes its function's environment of what the construct knows: the rest is in it already; never a secret."""
    secret_fields: Sequence[str]
    """The fields that a person fills in its secret; empty where it needs none."""
    secret_template: str
    """What the secret begins with, to the letter and for ever."""
    statements: Callable[[Surroundings], Sequence[Statement]]
    """What its role is allowed besides what all of them are."""
    alerts_per_minute: int | None = None
    """Its budget; None for none."""
    threads: bool = False
    """Whether it remembers its messages, so that what follows an alert goes into its thread."""

    @property
    def remembers(self) -> bool:
        """Whether it keeps something in the windows table."""
        return self.threads or self.alerts_per_minute is not None

    @property
    def service(self) -> str:
        """What its logs and metrics are marked with."""
        return f"{self.kind}-notifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs from one deployment to the next."""

    stack_name: str
    build_folder: Path
    account: str | None
    """12 digits; None leaves it to the credentials that deploy."""
    home_region: str | None
    """Where Trailbell runs; None leaves it to the credentials that deploy, and there is no forwarder then."""
    forwarded: Sequence[Place]
    """Further places, whose events are forwarded home."""
    filters: Sequence[FilterSettings]
    slots: int
    """How many EventBridge rules the stack owns; those that no filter fills are disabled."""
    compiled_config: str
    """JSON that the detector reads where it cannot have the live config."""
    config_version: str
    trail: Literal["create", "existing"]
    log_retention_days: LogRetentionDays
    emails: Sequence[str]
    routed: bool
    """Whether the config sends some alerts only to some destinations."""
    alarm_email: str | None
    https_format: str
    """What HTTPS subscribers of the alerts topic get."""
    notifiers: Sequence[NotifierSettings]
    """One for each kind of destination that is switched on and needs a function."""
