"""The settings of cloudtrail-to-slack: names as they are, expressions as far as they are conditions on fields."""

from typing import Any

import pytest

from trailbell.cli.importing.cloudtrail_to_slack.events_to_track import import_events_to_track
from trailbell.cli.importing.cloudtrail_to_slack.python_rules import NotReadableError, read_rule, split_rules
from trailbell.cli.importing.emit import finish
from trailbell.cli.importing.logic import make_plans
from trailbell.cli.importing.result import Imported
from trailbell.pattern import Pattern
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet

MODULE = """\
locals {
  # what we watch
  trail           = "DeleteTrail,StopLogging"
  events_to_track = "${local.trail}, RunInstances"
}
module "cloudtrail_to_slack" {
  source          = "fivexl/cloudtrail-to-slack/aws"
  rules           = "'errorCode' in event and event['errorCode'] == 'UnauthorizedOperation',event.get(\\"a\\", \\"\\") == open('/etc/passwd').read()"
  ignore_rules    = "'our-scanner' in event.get('userAgent', '')"
  events_to_track = local.events_to_track
}
"""


def read(text: str) -> Imported:
    return import_events_to_track([("main.tf", text)])


def test_names_and_expressions_of_a_module_are_imported() -> None:
    imported = read(MODULE)
    tracked, denied = (draft.document for draft in imported.drafts)
    ignored = [{"userAgent": [{"wildcard": "*our-scanner*"}]}]
    assert tracked["match"] == {"eventName": ["DeleteTrail", "StopLogging", "RunInstances"]}
    assert (tracked["except"], denied["except"]) == (ignored, ignored)
    assert denied["match"] == {"errorCode": ["UnauthorizedOperation"]}
    (loss,) = imported.losses
    assert (loss.line, loss.effect) == (8, "not imported")
    assert "open" in loss.why


@pytest.mark.parametrize(
    "text",
    [
        "RunInstances,CreateUser",
        'events_to_track = "RunInstances,CreateUser"',
        "EVENTS_TO_TRACK=RunInstances, CreateUser",
        'events_to_track = join(",", ["RunInstances", "CreateUser"])',
        'events_to_track = join(",", [local.a, "CreateUser"])\na = "RunInstances"',
        "events_to_track = <<-EOT\n  RunInstances,\n  CreateUser\nEOT\n",
        '{"events_to_track": "RunInstances,CreateUser"}',
    ],
)
def test_names_are_found_however_they_are_assigned(text: str) -> None:
    (draft,) = read(text).drafts
    assert sorted(draft.document["match"]["eventName"]) == ["CreateUser", "RunInstances"]


def test_names_that_do_not_exist_are_left_out_and_told() -> None:
    imported = read('events_to_track = "RunInstances,StopLoging,${var.more}"')
    finish(imported)
    assert imported.drafts[0].document["match"] == {"eventName": ["RunInstances"]}
    assert {loss.effect for loss in imported.losses} == {"fires less"}
    told = " ".join(map(str, imported.losses))
    assert "Did you mean StopLogging?" in told
    assert "another file" in told


ROOT = {"userIdentity": {"type": "Root", "arn": "arn:aws:iam::111122223333:root"}, "eventName": "CreateUser"}


@pytest.mark.parametrize(
    ("expression", "record", "holds"),
    [
        ('event["eventName"] == "CreateUser"', ROOT, True),
        ('event["eventName"] == "createuser"', ROOT, False),
        (
            'event.get("userIdentity.type", "") == "Root" and not event["eventName"].startswith(("Get", "List"))',
            ROOT,
            True,
        ),
        ('event["eventName"].endswith("User") or "errorCode" in event', ROOT, True),
        ('event["eventName"] in ["A", "CreateUser"]', ROOT, True),
        ('event["eventName"] not in ("A", "CreateUser")', ROOT, False),
        ('"root" in event["userIdentity.arn"]', ROOT, True),
        ('"alice" not in event.get("userIdentity.arn", "")', ROOT, True),
        ('"errorCode" in event', ROOT, False),
        ('"errorCode" not in event', ROOT, True),
        # Without the field: `event[...]` fails and the rule does not hold; `get` takes the default.
        ('event["errorCode"] != "AccessDenied"', ROOT, False),
        ('event.get("errorCode") != "AccessDenied"', ROOT, True),
        ('event.get("errorCode", "AccessDenied") != "AccessDenied"', ROOT, False),
        ('event.get("errorCode", "AccessDenied") == "AccessDenied"', ROOT, True),
        ('event.get("errorCode") is None', ROOT, True),
        ('event.get("errorCode") is not None', {"eventName": "A", "errorCode": "x"}, True),
        ('event.get("requestParameters.maxCount", 0) == 3', {"requestParameters": {"maxCount": 3}}, True),
        ('event.get("requestParameters.public") == True', {"requestParameters": {"public": True}}, True),
    ],
)
def test_an_expression_holds_where_its_condition_does(expression: str, record: dict[str, Any], holds: bool) -> None:  # noqa: FBT001 - a case
    rules = [
        Rule(
            id=f"a{number}",
            title="",
            severity="low",
            match=Pattern.parse(plan.match),
            exceptions=tuple(map(Pattern.parse, plan.exceptions)),
        )
        for number, plan in enumerate(make_plans(read_rule(expression)).plans)
    ]
    assert bool(RuleSet.compile(rules).match(record)) is holds


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "len(event) > 3",
        "event['eventName'].lower() == 'createuser'",
        "event['eventName'] == other",
        "event['requestParameters.items.0.x'] == 'y'",
        "event['requestParameters'] == 'y'",
        "event['nothing'] == 'y'",
        "[x for x in event]",
        "event['eventName'] ==",
        "(" * 5000,
    ],
)
def test_what_is_more_than_a_condition_on_a_field_is_refused_and_never_run(expression: str) -> None:
    with pytest.raises(NotReadableError):
        read_rule(expression)


def test_commas_within_an_expression_do_not_part_it() -> None:
    text = "event.get('a', '') == 'x', event['eventName'].startswith(('Get', 'List'))"
    assert len(split_rules(text, ",")) == 2
    assert split_rules("a == 1; b == 2", ";") == ["a == 1", "b == 2"]


def test_a_file_without_settings_is_told() -> None:
    assert read('region = "eu-central-1"').losses[0].effect == "not imported"
