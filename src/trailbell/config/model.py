"""The config, checked and typed: what this account decided. Its compiled form is what the detector reads."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from typing import Any, Literal

from trailbell.codec import Fields
from trailbell.contract.names import DEFAULT_STACK
from trailbell.contract.retention import LogRetentionDays
from trailbell.destinations.settings import NOWHERE, Destinations
from trailbell.errors import ConfigError
from trailbell.names import BusinessHours, Names
from trailbell.pattern import Pattern
from trailbell.rule import Rule

FORMAT = 1
"""Of the compiled form. A reader refuses any other."""

DEPLOYED_PARTS = ("destinations", "deployment")
"""Parts of the compiled form that take effect by `cdk deploy` alone: a live config's own are not looked at."""

_VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A global exception: a finding on a record that it matches is counted and not sent."""

    id: str
    match: Pattern
    reason: str
    owner: str | None = None
    expires: date | None = None
    """The last day, in UTC, on which it holds; None for ever."""
    rules: tuple[str, ...] = ()
    """Rule ids that it is limited to; empty for all."""

    def holds(self, *, rule_id: str, today: date) -> bool:
        """Tell whether it applies to this rule on this day (UTC)."""
        return (self.expires is None or today <= self.expires) and (not self.rules or rule_id in self.rules)

    def as_rule(self) -> Rule:
        """Return a rule of the same pattern and id, so that a RuleSet finds the suppressions that match a record."""
        return Rule(id=self.id, title=self.reason, severity="info", match=self.match)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Sends alerts of one kind to some destinations. Empty conditions hold for every alert."""

    to: tuple[str, ...]
    severity: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    region: tuple[str, ...] = ()

    def takes(self, rule: Rule, *, account_id: str, region: str) -> bool:
        """Tell whether the rule's alert in this account and region goes this way."""
        return (
            _allows(self.severity, [rule.severity])
            and _allows(self.rule, [rule.id])
            and _allows(self.tag, rule.tags)
            and _allows(self.account, [account_id])
            and _allows(self.region, [region])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What `cdk deploy` needs to know."""

    home_region: str | None = None
    """None for the region that the CLI is set to."""
    regions: tuple[str, ...] = ()
    """Further regions whose events are forwarded home; the one of IAM and sign-ins always is."""
    trail: Literal["create", "existing"] = "create"
    log_retention_days: LogRetentionDays = 90
    alarm_email: str | None = None
    slots: int = 5
    stack_name: str = DEFAULT_STACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that the config file and its packs decide, resolved."""

    version: str = ""
    """Short hash of the content: equal configs have equal versions."""
    rules: tuple[Rule, ...] = ()
    """Those that are on: packs and own rules, without the disabled ones, overrides applied."""
    suppressions: tuple[Suppression, ...] = ()
    names: Names = field(default_factory=Names)
    destinations: Destinations = field(default_factory=Destinations)
    routes: tuple[Route, ...] = ()
    deployment: Deployment = field(default_factory=Deployment)

    def destinations_of(self, rule: Rule, *, account_id: str, region: str) -> tuple[str, ...]:
        """Return where an alert goes: the rule's own routes, else the first route that takes it, else everywhere."""
        if rule.routes:
            return rule.routes
        for route in self.routes:
            if route.takes(rule, account_id=account_id, region=region):
                return route.to or NOWHERE
        return self.destinations.defaults()

    def with_version(self) -> "Config":
        """Return the same config with the version that belongs to its content."""
        import hashlib  # the detector, which only reads versions, does without OpenSSL

        content = {key: value for key, value in self.to_json().items() if key != "version"}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return replace(self, version=digest[:_VERSION_DIGITS])

    def to_json(self) -> dict[str, Any]:
        """Return the compiled form: plain JSON that `from_json` reads back without YAML or pydantic."""
        return {
            "format": FORMAT,
            "version": self.version,
            "rules": [rule.to_json() for rule in self.rules],
            "suppressions": [_suppression_to_json(suppression) for suppression in self.suppressions],
            "names": _names_to_json(self.names),
            "destinations": self.destinations.to_json(),
            "routes": [_plain(route) for route in self.routes],
            "deployment": _plain(self.deployment),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Config":
        """Read the compiled form. Raises ConfigError where it is not one."""
        try:
            if document["format"] != FORMAT:
                raise ConfigError(
                    f"the compiled config has format {document['format']!r}, this Trailbell reads {FORMAT}"
                )
            return cls(
                version=document["version"],
                rules=tuple(Rule.from_json(rule) for rule in document["rules"]),
                suppressions=tuple(_read_suppression(entry) for entry in document["suppressions"]),
                names=_read_names(document["names"]),
                destinations=Destinations.from_json(document["destinations"]),
                routes=tuple(
                    Route(**{key: _texts(value) for key, value in entry.items()}) for entry in document["routes"]
                ),
                deployment=_read_deployment(document["deployment"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ConfigError(
                f"this is not a compiled config: {error!r}; make one with `trailbell config push`"
            ) from error


def _texts(value: object) -> tuple[str, ...]:
    """Raise TypeError where it is no list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"not a list of texts: {value!r}")
    return tuple(value)


def _allows(wanted: Collection[str], given: Collection[str]) -> bool:
    return not wanted or any(value in wanted for value in given)


def _plain(part: Route | Deployment) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(part).items()}


def _suppression_to_json(suppression: Suppression) -> dict[str, Any]:
    return {
        "id": suppression.id,
        "match": suppression.match.source,
        "reason": suppression.reason,
        "owner": suppression.owner,
        "expires": suppression.expires.isoformat() if suppression.expires else None,
        "rules": list(suppression.rules),
    }


def _read_suppression(document: Mapping[str, Any]) -> Suppression:
    fields = Fields(document, "suppression", ("id", "match", "reason", "owner", "expires", "rules"))
    expires = fields.optional_text("expires")
    return Suppression(
        id=fields.text("id"),
        match=fields.read("match", fields.value("match"), Pattern.parse),
        reason=fields.text("reason"),
        owner=fields.optional_text("owner"),
        expires=fields.read("expires", expires, date.fromisoformat) if expires else None,
        rules=fields.texts("rules"),
    )


def _names_to_json(names: Names) -> dict[str, Any]:
    hours = names.business_hours
    return {
        "accounts": dict(names.accounts),
        "networks": dict(names.networks),
        "expected_regions": sorted(names.expected_regions),
        "business_hours": hours
        and {
            "timezone": hours.timezone,
            "start": hours.start.isoformat(),
            "end": hours.end.isoformat(),
            "days": sorted(hours.days),
        },
    }


def _read_names(document: Mapping[str, Any]) -> Names:
    hours = document["business_hours"]
    return Names(
        accounts=dict(document["accounts"]),
        networks=dict(document["networks"]),
        expected_regions=frozenset(document["expected_regions"]),
        business_hours=hours
        and BusinessHours(
            timezone=hours["timezone"],
            start=time.fromisoformat(hours["start"]),
            end=time.fromisoformat(hours["end"]),
            days=frozenset(hours["days"]),
        ),
    )


def _read_deployment(document: Mapping[str, Any]) -> Deployment:
    return Deployment(**{**document, "regions": tuple(document["regions"])})
