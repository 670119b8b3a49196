"""Whether the filters are in every watched place, enabled, and those that the config needs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trailbell.cli.doctor.checkup import Deployment, Result, pages
from trailbell.cli.shared.output import count
from trailbell.contract.names import TEST_SOURCE, RuleState
from trailbell.contract.places import Place


def check_forwarders(deployment: Deployment) -> Iterator[Result]:
    """Look for the forwarder in each place that needs one."""
    from botocore.exceptions import ClientError

    for place in deployment.forwarded:
        name = deployment.stack_in(place.region)
        try:
            stack = deployment.aws.client("cloudformation", place.region).describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            said = f"{place}: there is no stack {name}, so that its events do not come home"
            yield Result(check="forwarder", status="fail", said=said, mend="Run `cdk deploy --all`.")
            continue
        settled = stack["StackStatus"].endswith("_COMPLETE") and "ROLLBACK" not in stack["StackStatus"]
        yield Result(
            check="forwarder",
            status="ok" if settled else "fail",
            said=f"{place}: {name} is {stack['StackStatus']}",
            mend="" if settled else "Look at the stack's events, then run `cdk deploy --all`.",
        )


def check_filters(deployment: Deployment) -> Iterator[Result]:
    """Compare the filters of each watched place with those of the config."""
    needed = {(_canonical(each.pattern), each.read_only) for each in deployment.filters}
    for place in deployment.watched:
        found = {
            (_canonical(json.loads(rule["EventPattern"])), rule["State"] == RuleState.ENABLED_FOR_READS)
            for rule in _filter_rules(deployment, place)
            if rule["State"] != RuleState.DISABLED
        }
        missing = sum(key not in found for key in needed)
        if missing or not found:
            yield Result(
                check="filters",
                status="fail",
                said=f"{place}: {missing} of {len(needed)} filters that the config needs are missing or off",
                mend="Run `trailbell config push` or `cdk deploy --all` with this config.",
            )
        else:
            said = f"{place}: {count(len(needed), 'filter')}, as the config needs them"
            yield Result(check="filters", status="ok", said=said)


def _filter_rules(deployment: Deployment, place: Place) -> Iterator[Mapping[str, Any]]:
    ids = deployment.resources("AWS::Events::Rule", place.region)
    names = {name.rpartition("/")[2].rpartition("|")[2] for name in ids}
    for rule in pages(deployment.aws.client("events", place.region), "list_rules", "Rules"):
        if rule["Name"] in names and TEST_SOURCE in rule.get("EventPattern", ""):
            yield rule


def _canonical(pattern: Any) -> str:
    return json.dumps(pattern, sort_keys=True)
