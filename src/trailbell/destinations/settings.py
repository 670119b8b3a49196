"""Where alerts go: what the config says of each destination, and the names by which routes call them.

Webhooks, tokens and keys are in Secrets Manager, never here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from trailbell.contract.destinations import HttpsFormat, PagerDutyRegion

ALWAYS = ("email", "slack", "sns")
"""What every alert names as its destination unless a route says otherwise; `sns` is every other subscriber."""

NOWHERE = ("none",)
"""What an alert names whose route has no destination: it is published, and no subscriber of ours takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """Slack channels."""

    enabled: bool = False
    channel: str | None = None
    """Only a label where a webhook is used: the webhook decides the channel."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """Further channels by the label that routes call them: `slack/<label>`."""
    endpoint: str | None = None
    """`http(s)://host[:port]` in place of Slack's own hosts: a proxy, or a stand-in for tests."""
    alerts_per_minute: int | None = 20
    """Past it, alerts wait for one digest a minute; None for no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sns:
    """The alerts topic's other subscribers."""

    https_format: HttpsFormat = "json"
    """What SNS sends to HTTPS subscribers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An HTTPS endpoint that gets the JSON alert, signed."""

    host: str
    """The only host that the secret's URL may name."""
    endpoint: str | None = None
    """As for Slack."""
    alerts_per_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """A Microsoft Teams workflow."""

    endpoint: str | None = None
    """As for Slack."""
    alerts_per_minute: int | None = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDuty:
    """A PagerDuty service."""

    region: PagerDutyRegion = "us"
    """The service region of the PagerDuty account."""
    endpoint: str | None = None
    """As for Slack."""
    alerts_per_minute: int | None = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityHub:
    """The Security Hub of Trailbell's own account and home region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Where alerts go."""

    email: tuple[str, ...] = ()
    slack: Slack = field(default_factory=Slack)
    sns: Sns = field(default_factory=Sns)
    topics: Mapping[str, str] = field(default_factory=dict)
    """ARNs of further SNS topics by the label that routes call them: `topic/<label>`."""
    topics_alerts_per_minute: int | None = None
    webhook: Webhook | None = None
    teams: Teams | None = None
    pagerduty: PagerDuty | None = None
    security_hub: SecurityHub | None = None

    def defaults(self) -> tuple[str, ...]:
        """Return where an alert goes that no route takes: everywhere but to what has a label."""
        return (*ALWAYS, *self._switched_on())

    def names(self) -> tuple[str, ...]:
        """Return all that routes may name."""
        labels = (f"slack/{label}" for label in self.slack.channels)
        return (*self.defaults(), *labels, *(f"topic/{label}" for label in self.topics))

    def _switched_on(self) -> Iterator[str]:
        for name, part in (
            ("webhook", self.webhook),
            ("teams", self.teams),
            ("pagerduty", self.pagerduty),
            ("security-hub", self.security_hub),
        ):
            if part is not None:
                yield name

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {**asdict(self), "email": list(self.email)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Destinations":
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError where it is something else."""
        parts = {"webhook": Webhook, "teams": Teams, "pagerduty": PagerDuty, "security_hub": SecurityHub}
        return cls(
            email=tuple(document["email"]),
            slack=Slack(**document["slack"]),
            sns=Sns(**document["sns"]),
            topics=dict(document["topics"]),
            topics_alerts_per_minute=document["topics_alerts_per_minute"],
            **{name: part(**document[name]) for name, part in parts.items() if document[name] is not None},
        )
