"""The shape of what people write: the config file and the rule files of packs. Also the source of its JSON Schema."""

from typing import Any, Literal

from pydantic import Field

from trailbell.authoring.shape.destinations import DestinationsPart
from trailbell.authoring.shape.part import Part
from trailbell.authoring.shape.values import (
    AccountId,
    Clock,
    Date,
    Duration,
    Email,
    Identifier,
    Network,
    Reference,
    Region,
    RouteName,
    TestRecord,
    Text,
    Timezone,
)
from trailbell.contract.limits import MAX_SLOTS
from trailbell.contract.names import DEFAULT_STACK
from trailbell.contract.retention import LogRetentionDays
from trailbell.rule import Severity

EventPattern = dict[str, Any]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `datetime.weekday`."""


class BusinessHoursPart(Part):
    """When people are expected to work. The fact `event.off_hours` tells the rest."""

    timezone: Timezone = Field(description="IANA name of the time zone, such as Europe/Berlin.")
    start: Clock = Field(description="First minute of the working day, such as 08:00.")
    end: Clock = Field(description="Minute that the working day is over; before `start`, it spans midnight.")
    days: list[Weekday] = Field(
        default=["mon", "tue", "wed", "thu", "fri"],
        min_length=1,
        description="Working days; Monday to Friday if left out.",
    )


class NamesPart(Part):
    """What this account calls things."""

    accounts: dict[AccountId, Text] = Field(
        default={}, description="Account id to name. These accounts count as your own; alerts show the names."
    )
    networks: dict[Text, list[Network]] = Field(
        default={},
        description="Name of a network to its address ranges; alerts show the name, the longest prefix wins.",
    )
    expected_regions: list[Region] = Field(
        default=[], description="Regions you work in. The fact `event.expected_region` tells the others."
    )
    business_hours: BusinessHoursPart | None = Field(default=None, description="When people are expected to work.")


class DedupePart(Part):
    """Repeats with the same key within the window are counted, not sent."""

    by: list[str] = Field(min_length=1, description="What makes two findings the same, such as principal and account.")
    window: Duration = Field(description="How long repeats are held back, such as 15m.")


class FirstSeenPart(Part):
    """Alert when the key was not seen within the window before."""

    by: list[str] = Field(min_length=1, description="What must be new, such as principal and region.")
    window: Duration = Field(description="How far back it is remembered, such as 30d.")
    warm_up: Duration | None = Field(
        default=None,
        description="How long the rule only learns, from the first event that it matches, such as 7d; "
        "`trailbell baseline` teaches it from history.",
    )


class ThresholdPart(Part):
    """Alert once so many findings with the same key fall in one window."""

    count: int = Field(ge=2, le=1_000, description="How many findings it takes.")
    by: list[str] = Field(min_length=1, description="What is counted apart, such as source_ip.")
    window: Duration = Field(description="The time they must fall in, such as 10m.")


class TestPart(Part):
    """A record and whether the rule alerts on it."""

    __test__ = False  # pytest takes classes named Test* for tests

    name: Text = Field(description="What is tried, in a few words.")
    record: TestRecord
    with_: dict[str, Any] = Field(
        default={},
        alias="with",
        description="Fields that differ from the record. Keys may be dotted paths; mappings are merged.",
    )
    without: list[Text] = Field(default=[], description="Dotted paths of fields that are taken out of the record.")
    alerts: bool = Field(description="Whether the rule must match.")
    names: NamesPart | None = Field(
        default=None, description="Accounts, networks and the like that this test is run with."
    )


class RulePart(Part):
    """One rule: an event pattern, how bad a match is, and how it is said."""

    id: Identifier = Field(description="Unique name, in small letters, digits and hyphens.")
    title: Text = Field(description="What happened, in a few words: EC2 instance launched.")
    description: str = Field(default="", description="Why it matters, and what a harmless reason may be.")
    severity: Severity = Field(description="How soon someone must look.")
    match: EventPattern = Field(min_length=1, description="EventBridge event pattern on the CloudTrail record.")
    except_: list[EventPattern] = Field(
        default=[], alias="except", description="Event patterns; where any of them matches too, there is no alert."
    )
    threshold: ThresholdPart | None = Field(default=None, description="Alert on many findings only.")
    first_seen: FirstSeenPart | None = Field(default=None, description="Alert on what is new only.")
    dedupe: DedupePart | None = Field(default=None, description="Count repeats and do not send them.")
    summary: Text | None = Field(
        default=None,
        description="The alert's sentence, with placeholders such as {principal}; left out, Trailbell words it.",
    )
    runbook: Text | None = Field(default=None, description="A URL, or two or three numbered steps.")
    references: list[Reference] = Field(default=[], description="https:// pages that explain it.")
    tags: list[Text] = Field(default=[], description="Free labels; attack.t1078.004 names a MITRE ATT&CK technique.")
    routes: list[RouteName] = Field(
        default=[], description="Destinations of this rule's alerts, whatever `routes` says."
    )
    tests: list[TestPart] = Field(default=[], description="Records that it alerts on, and records that it does not.")
    enabled: bool = Field(default=True, description="Whether it is on.")


class RuleFile(Part):
    """A rule file of a pack."""

    rules: list[RulePart] = Field(min_length=1, description="The rules of this file.")


class OverridePart(Part):
    """What is different about a pack's rule in this account."""

    severity: Severity | None = None
    dedupe: DedupePart | None = None
    routes: list[RouteName] | None = None
    enabled: bool | None = None


class SuppressionPart(Part):
    """A global exception: what it matches is counted and not sent."""

    id: Identifier | None = Field(default=None, description="Name that reports count it under.")
    match: EventPattern = Field(min_length=1, description="EventBridge event pattern on the CloudTrail record.")
    reason: Text = Field(description="Why this is no news.")
    owner: Text | None = Field(default=None, description="Who answers for it.")
    expires: Date | None = Field(default=None, description="Last day on which it holds (UTC), such as 2027-03-31.")
    rules: list[str] = Field(default=[], description="Rule ids that it is limited to; all rules if left out.")


class RoutePart(Part):
    """Alerts that meet all of the conditions go to these destinations; the first route that takes an alert decides."""

    to: list[RouteName] = Field(description="Destinations; an empty list sends it nowhere.")
    severity: list[Severity] = Field(default=[], description="Any of these severities.")
    rule: list[str] = Field(default=[], description="Any of these rule ids.")
    tag: list[str] = Field(default=[], description="Rules with any of these tags.")
    account: list[AccountId] = Field(default=[], description="Calls to any of these accounts.")
    region: list[Region] = Field(default=[], description="Calls to any of these regions.")


class DeploymentPart(Part):
    """What `cdk deploy` builds."""

    home_region: Region | None = Field(default=None, description="Region of the stack; the CLI's if left out.")
    regions: list[Region] = Field(
        default=[], description="Further regions whose events are forwarded home; us-east-1 always is."
    )
    trail: Literal["create", "existing"] = Field(
        default="create", description="Make a trail, or rely on one that logs management events already."
    )
    log_retention_days: LogRetentionDays = Field(
        default=90, description="Days that Trailbell's own logs are kept; the numbers that CloudWatch Logs takes."
    )
    alarm_email: Email | None = Field(default=None, description="Who is told when Trailbell itself is in trouble.")
    slots: int = Field(default=5, ge=1, le=MAX_SLOTS, description="EventBridge rules that the filters may use.")
    stack_name: str = Field(
        default=DEFAULT_STACK,
        pattern=r"^[A-Za-z][A-Za-z0-9-]{0,49}$",
        description="Name of the stack and of its rules.",
    )


class ConfigFile(NamesPart):
    """The config file of Trailbell: `config/trailbell.yaml`."""

    packs: list[Identifier] = Field(
        default=[], description="Rule packs that are on: folders beside the config, in packs/."
    )
    rules: list[RulePart] = Field(default=[], description="This account's own rules.")
    overrides: dict[str, OverridePart] = Field(
        default={}, description="Rule id to what is different: severity, dedupe, routes, enabled."
    )
    disable: list[str] = Field(default=[], description="Ids of rules that are off.")
    suppressions: list[SuppressionPart] = Field(default=[], description="Global exceptions, each with its reason.")
    routes: list[RoutePart] = Field(
        default=[], description="Which alerts go where; the first that takes an alert decides, else it goes everywhere."
    )
    destinations: DestinationsPart = Field(default=DestinationsPart(), description="Where alerts go.")
    deployment: DeploymentPart = Field(default=DeploymentPart(), description="What `cdk deploy` builds.")
