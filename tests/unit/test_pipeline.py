import json
from datetime import UTC, date, datetime
from typing import Any

from tests.unit.alerts import EVENTS
from trailbell.alert import Alert
from trailbell.config.model import Config, Route, Suppression
from trailbell.formats.sns import message_attributes
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

NOW = datetime(2023, 10, 8, 17, 51, tzinfo=UTC)
RULE = Rule(id="launched", title="Launched", severity="high", match=Pattern.parse({"eventName": ["RunInstances"]}))


def launch() -> SourcedRecord:
    return SourcedRecord.of(json.loads((EVENTS / "run-instances-iam-user.json").read_text(encoding="utf-8")))


def run(**config: Any) -> tuple[Alert, ...]:
    pipeline = Pipeline.from_config(
        Config(version="v1", **{"rules": (RULE,), **config}), store=MemoryStore(), clock=lambda: NOW
    )
    return pipeline.run(launch())


def test_without_routes_an_alert_goes_everywhere() -> None:
    (alert,) = run()
    assert alert.destinations == ("email", "slack", "sns")


def test_the_first_route_that_takes_an_alert_decides() -> None:
    routes = (
        Route(severity=("critical",), to=("email",)),
        Route(region=("us-east-2",), to=("slack",)),
        Route(to=("sns",)),
    )
    (alert,) = run(routes=routes)
    assert message_attributes(alert)["destinations"] == {"DataType": "String.Array", "StringValue": '["slack"]'}


def test_a_suppression_holds_an_alert_back_until_it_expires() -> None:
    launches = Pattern.parse({"userIdentity": {"userName": ["kodekloud"]}})
    suppression = Suppression(id="s", match=launches, reason="exercise", expires=date(2023, 10, 8))
    assert run(suppressions=(suppression,)) == ()
    expired = Suppression(id="s", match=launches, reason="exercise", expires=date(2023, 10, 7))
    assert len(run(suppressions=(expired,))) == 1


def test_an_alert_says_which_config_matched() -> None:
    (alert,) = run()
    assert alert.config_version == "v1"


def test_facts_decide_where_a_rule_names_them() -> None:
    human = Rule(
        id="human",
        title="By a person",
        severity="low",
        match=Pattern.parse({"trailbell": {"principal": {"kind": ["human"], "console": [True]}}}),
    )
    machine = Rule(
        id="machine",
        title="By a program",
        severity="low",
        match=Pattern.parse({"trailbell": {"principal": {"kind": ["machine"]}}}),
    )
    assert [alert.rule.id for alert in run(rules=(human, machine))] == ["human"]


def test_a_suppression_may_look_at_facts_that_no_rule_looks_at() -> None:
    console = Pattern.parse({"trailbell": {"origin": {"kind": ["address"]}, "principal": {"kind": ["human"]}}})
    assert run(suppressions=(Suppression(id="s", match=console, reason="people may"),)) == ()


def test_only_the_facts_that_patterns_look_at_are_worked_out() -> None:
    by_people = Pattern.parse({"trailbell": {"principal": {"kind": ["human"]}}})
    rule = Rule(id="human", title="By a person", severity="low", match=by_people)
    suppression = Suppression(id="s", match=Pattern.parse({"trailbell": {"event": {"failed": [True]}}}), reason="r")
    pipeline = Pipeline.from_config(
        Config(rules=(rule,), suppressions=(suppression,)), store=MemoryStore(), clock=lambda: NOW
    )
    assert pipeline.read_facts(launch().record).keys() == {"principal", "event"}
