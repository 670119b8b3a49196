"""Turns checked parts of the file into the library's own types."""

from datetime import date, time

from trailbell.authoring.shape.model import WEEKDAYS, ConfigFile, DedupePart, NamesPart, OverridePart, RulePart
from trailbell.authoring.shape.values import seconds
from trailbell.config.model import Deployment, Route, Suppression
from trailbell.named_values import present_names
from trailbell.names import BusinessHours, Names
from trailbell.pattern import Pattern
from trailbell.rule import Dedupe, FirstSeen, Rule, Threshold
from trailbell.summary_template import present_summary


def make_rule(part: RulePart, pack: str | None, override: OverridePart | None) -> Rule:
    """Return the rule with what the config overrides. Raises PatternError."""
    threshold, first_seen = part.threshold, part.first_seen
    override = override or OverridePart()
    return Rule(
        id=part.id,
        title=part.title,
        severity=override.severity or part.severity,
        match=Pattern.parse(part.match),
        exceptions=tuple(Pattern.parse(source) for source in part.except_),
        description=part.description.strip(),
        summary=part.summary and present_summary(part.summary),
        runbook=part.runbook,
        references=tuple(part.references),
        tags=tuple(part.tags),
        dedupe=_make_dedupe(override.dedupe or part.dedupe),
        threshold=None
        if threshold is None
        else Threshold(
            count=threshold.count, by=present_names("key", threshold.by), window_seconds=seconds(threshold.window)
        ),
        first_seen=None
        if first_seen is None
        else FirstSeen(
            by=present_names("key", first_seen.by),
            window_seconds=seconds(first_seen.window),
            warm_up_seconds=seconds(first_seen.warm_up) if first_seen.warm_up else 0,
        ),
        routes=tuple(part.routes if override.routes is None else override.routes),
        pack=pack,
    )


def make_names(part: NamesPart) -> Names:
    """Return the config's vocabulary."""
    hours = part.business_hours
    return Names(
        accounts=dict(part.accounts),
        networks={cidr: label for label, cidrs in part.networks.items() for cidr in cidrs},
        expected_regions=frozenset(part.expected_regions),
        business_hours=None
        if hours is None
        else BusinessHours(
            timezone=hours.timezone,
            start=time.fromisoformat(hours.start),
            end=time.fromisoformat(hours.end),
            days=frozenset(WEEKDAYS.index(day) for day in hours.days),
        ),
    )


def merge_names(base: Names, part: NamesPart | None) -> Names:
    """Return the names, with those that a test sets put over them."""
    if part is None:
        return base
    added = make_names(part)
    return Names(
        accounts={**base.accounts, **added.accounts},
        networks={**base.networks, **added.networks},
        expected_regions=added.expected_regions or base.expected_regions,
        business_hours=added.business_hours or base.business_hours,
    )


def make_suppressions(file: ConfigFile) -> tuple[Suppression, ...]:
    """Return the global exceptions; one without an id is called by its place in the list. Raises PatternError."""
    return tuple(
        Suppression(
            id=part.id or f"suppression-{number}",
            match=Pattern.parse(part.match),
            reason=part.reason,
            owner=part.owner,
            expires=date.fromisoformat(part.expires) if part.expires else None,
            rules=tuple(part.rules),
        )
        for number, part in enumerate(file.suppressions, start=1)
    )


def make_routes(file: ConfigFile) -> tuple[Route, ...]:
    """Return which alerts go where, in the order of the file."""
    return tuple(
        Route(
            to=tuple(part.to),
            severity=tuple(part.severity),
            rule=tuple(part.rule),
            tag=tuple(part.tag),
            account=tuple(part.account),
            region=tuple(part.region),
        )
        for part in file.routes
    )


def make_deployment(file: ConfigFile) -> Deployment:
    """Return what `cdk deploy` builds."""
    part = file.deployment
    return Deployment(
        home_region=part.home_region,
        regions=tuple(part.regions),
        trail=part.trail,
        log_retention_days=part.log_retention_days,
        alarm_email=part.alarm_email,
        slots=part.slots,
        stack_name=part.stack_name,
    )


def _make_dedupe(part: DedupePart | None) -> Dedupe | None:
    return None if part is None else Dedupe(by=present_names("key", part.by), window_seconds=seconds(part.window))
