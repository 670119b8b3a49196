"""Whether CloudTrail hands EventBridge what the rules need: a trail that logs, of all that they ask for.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trailbell.cli.doctor.checkup import Deployment, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What one trail logs of management events."""

    name: str
    arn: str
    logging: bool
    reads: bool
    writes: bool
    regions: str
    """`all`, or the one it is in."""
    excluded: tuple[str, ...] = ()
    """Event sources that it leaves out."""
    delivery_error: str = ""

    def covers(self, region: str) -> bool:
        """Tell whether the region's events are in it."""
        return self.logging and self.regions in {"all", region}


def check_trail(deployment: Deployment) -> Iterator[Result]:
    """Look at the account's trails."""
    client = deployment.aws.client("cloudtrail")
    trails = client.describe_trails(includeShadowTrails=True)["trailList"]
    if not trails:
        yield _fail(
            "no trail: EventBridge sees API calls only where one logs them",
            "Set deployment.trail to `create` and deploy.",
        )
        return
    yield from judge_trails([read_trail(client, trail) for trail in trails], deployment)


def judge_trails(trails: Sequence[Coverage], deployment: Deployment) -> Iterator[Result]:
    """Tell what is missing, region by region."""
    for trail in trails:
        if trail.delivery_error:
            yield Result(
                check="trail",
                status="warn",
                said=f"{trail.name} cannot write its log files: {trail.delivery_error}",
                mend="Look at its bucket's policy and key. Alerts do without the files.",
            )
    if not any(trail.logging for trail in trails):
        names = ", ".join(trail.name for trail in trails)
        yield _fail(f"{names}: not logging", f"Run `aws cloudtrail start-logging --name {trails[0].arn}`.")
        return
    needs_reads = any(filter_.read_only for filter_ in deployment.filters)
    bad = False
    for place in deployment.watched:
        covering = [trail for trail in trails if trail.covers(place.region)]
        if not any(trail.writes for trail in covering):
            bad = True
            yield _fail(f"{place}: no trail logs its management events", _MEND_REGIONS)
        elif needs_reads and not any(trail.reads for trail in covering):
            bad = True
            yield _fail(
                f"{place}: only writes are logged, and some rules ask for read-only events",
                "Let a trail log management events of both kinds: `aws cloudtrail put-event-selectors`.",
            )
    for source in sorted(set.intersection(*(set(trail.excluded) for trail in trails if trail.logging))):
        yield Result(
            check="trail",
            status="warn",
            said=f"every trail leaves out {source}: no rule sees its events",
            mend="Log them in a trail's event selectors if a rule is about them.",
        )
    if not bad:
        names = ", ".join(trail.name for trail in trails if trail.logging)
        kinds = "reads and writes" if needs_reads else "writes, and no rule asks for reads"
        yield Result(check="trail", status="ok", said=f"{names} logs the management events that rules need ({kinds})")


def read_trail(client: Any, trail: Mapping[str, Any]) -> Coverage:
    """Ask what a trail logs."""
    arn = trail["TrailARN"]
    status = client.get_trail_status(Name=arn)
    selectors = client.get_event_selectors(TrailName=arn)
    reads, writes, excluded = read_selectors(selectors)
    return Coverage(
        name=trail["Name"],
        arn=arn,
        logging=bool(status.get("IsLogging")),
        reads=reads,
        writes=writes,
        regions="all" if trail.get("IsMultiRegionTrail") else trail.get("HomeRegion", ""),
        excluded=excluded,
        delivery_error=status.get("LatestDeliveryError") or "",
    )


def read_selectors(selectors: Mapping[str, Any]) -> tuple[bool, bool, tuple[str, ...]]:
    """Return whether management reads and writes are logged, and which event sources are left out."""
    reads = writes = False
    excluded: list[str] = []
    for selector in selectors.get("EventSelectors") or ():
        if selector.get("IncludeManagementEvents", True):
            kind = selector.get("ReadWriteType", "All")
            reads, writes = reads or kind != "WriteOnly", writes or kind != "ReadOnly"
            excluded += selector.get("ExcludeManagementEventSources") or ()
    for selector in selectors.get("AdvancedEventSelectors") or ():
        fields = {field["Field"]: field for field in selector["FieldSelectors"]}
        if fields.get("eventCategory", {}).get("Equals") != ["Management"]:
            continue
        kinds = fields.get("readOnly", {}).get("Equals", ["true", "false"])
        reads, writes = reads or "true" in kinds, writes or "false" in kinds
        excluded += fields.get("eventSource", {}).get("NotEquals", ())
    return reads, writes, tuple(excluded)


def _fail(said: str, mend: str) -> Result:
    return Result(check="trail", status="fail", said=said, mend=mend)


_MEND_REGIONS = "Make the trail one of all regions: `aws cloudtrail update-trail --is-multi-region-trail --name ...`."
