"""A valid config becomes the library's own types, and its compiled form reads back the same."""

import json
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest

from tests.unit.authoring.reading import TODAY, Load
from trailbell.authoring import load_config
from trailbell.config.model import Config, Deployment, Route, Suppression
from trailbell.destinations.settings import Destinations
from trailbell.destinations.slack import SlackSettings
from trailbell.errors import ConfigError
from trailbell.names import BusinessHours, Names
from trailbell.rule import Dedupe, FirstSeen, Rule, Threshold

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = """\
packs: [mine]
accounts: {"111122223333": production}
networks: {office: [203.0.113.0/24, "2001:db8::/32"]}
expected_regions: [eu-central-1]
business_hours: {timezone: Europe/Berlin, start: 08:00, end: 17:30, days: [mon, sun]}
destinations:
  email: [soc@example.com]
  slack: {channel: "#alerts", endpoint: "http://127.0.0.1:8080"}
  sns: {https_format: text}
deployment: {home_region: eu-central-1, regions: [eu-west-1], trail: existing, slots: 7, alarm_email: ops@example.com}
routes:
  - {severity: [high, critical], account: ["111122223333"], to: [slack, email]}
  - {tag: [cost], region: [eu-west-1], rule: [own-rule], to: []}
overrides:
  pack-rule: {severity: critical, dedupe: {by: [account], window: 1d}, routes: [email]}
  pack-off: {enabled: true}
disable: [pack-noisy]
suppressions:
  - match: {userAgent: [scanner]}
    reason: our own scanner
    owner: soc@example.com
    expires: 2027-06-30
    rules: [own-rule]
rules:
  - id: own-rule
    title: Own rule
    description: Why.
    severity: low
    match: {eventName: [DeleteQueue], eventSource: [sqs.amazonaws.com]}
    except:
      - userIdentity: {type: [Root]}
    threshold: {count: 5, by: [source_ip], window: 90s}
    summary: "{principal} did it"
    runbook: https://wiki.example.com/
    references: [https://example.com/why]
    tags: [cost]
"""
PACK = """\
rules:
  - {id: pack-rule, title: A, severity: low, match: {eventName: [RunInstances]}}
  - {id: pack-noisy, title: B, severity: low, match: {eventName: [RunInstances]}}
  - id: pack-off
    title: C
    severity: info
    match: {eventName: [RunInstances]}
    first_seen: {by: [principal, region], window: 30d}
    enabled: false
"""


@pytest.fixture
def config(load: Load, tmp_path: Path) -> Config:
    (tmp_path / "packs" / "mine").mkdir(parents=True)
    (tmp_path / "packs" / "mine" / "rules.yaml").write_text(PACK)
    return load(EVERYTHING).config


def rule_of(config: Config, rule_id: str) -> Rule:
    return next(rule for rule in config.rules if rule.id == rule_id)


def test_a_file_with_nothing_but_a_pack_is_valid(load: Load) -> None:
    config = load("packs: [starter]").config
    assert "ec2-instance-launched" in {rule.id for rule in config.rules}
    assert config.destinations == Destinations.having({"slack": SlackSettings(enabled=False)})
    assert config.deployment == Deployment()


def test_an_empty_file_is_valid_and_watches_nothing(load: Load) -> None:
    assert load("# nothing yet\n").config.rules == ()


def test_own_rules_are_typed(config: Config) -> None:
    rule = rule_of(config, "own-rule")
    assert rule.match.source == {"eventName": ["DeleteQueue"], "eventSource": ["sqs.amazonaws.com"]}
    assert [pattern.source for pattern in rule.exceptions] == [{"userIdentity": {"type": ["Root"]}}]
    assert rule.threshold == Threshold(count=5, by=("source_ip",), window_seconds=90)
    assert (rule.pack, rule.severity, rule.tags) == (None, "low", ("cost",))


def test_overrides_change_a_packs_rule_and_nothing_else_of_it(config: Config) -> None:
    rule = rule_of(config, "pack-rule")
    assert (rule.severity, rule.dedupe, rule.routes) == (
        "critical",
        Dedupe(by=("account",), window_seconds=86400),
        ("email",),
    )
    assert (rule.title, rule.pack) == ("A", "mine")


def test_a_rule_is_switched_off_by_disable_and_on_by_an_override(config: Config) -> None:
    assert [rule.id for rule in config.rules] == ["own-rule", "pack-rule", "pack-off"]
    assert rule_of(config, "pack-off").first_seen == FirstSeen(by=("principal", "region"), window_seconds=30 * 86400)


def test_names_are_read(config: Config) -> None:
    assert config.names == Names(
        accounts={"111122223333": "production"},
        networks={"203.0.113.0/24": "office", "2001:db8::/32": "office"},
        expected_regions=frozenset({"eu-central-1"}),
        business_hours=BusinessHours(timezone="Europe/Berlin", start=time(8), end=time(17, 30), days=frozenset({0, 6})),
    )


def test_destinations_and_deployment_are_read(config: Config) -> None:
    assert config.destinations.email == ("soc@example.com",)
    assert config.destinations.of("slack") == SlackSettings(
        enabled=True, channel="#alerts", endpoint="http://127.0.0.1:8080"
    )
    assert config.destinations.sns.https_format == "text"
    assert config.deployment == Deployment(
        home_region="eu-central-1", regions=("eu-west-1",), trail="existing", slots=7, alarm_email="ops@example.com"
    )


def test_a_suppression_holds_for_its_rules_until_its_last_day(config: Config) -> None:
    (suppression,) = config.suppressions
    assert suppression.id == "suppression-1"
    assert suppression.holds(rule_id="own-rule", today=date(2027, 6, 30))
    assert not suppression.holds(rule_id="own-rule", today=date(2027, 7, 1))
    assert not suppression.holds(rule_id="pack-rule", today=TODAY)
    assert suppression.as_rule().match == suppression.match


def test_a_suppression_without_limits_holds_for_every_rule_for_ever(config: Config) -> None:
    suppression = Suppression(id="a", match=config.suppressions[0].match, reason="x")
    assert suppression.holds(rule_id="any", today=date.max)


@pytest.mark.parametrize(
    ("rule_id", "account", "region", "expected"),
    [
        ("own-rule", "111122223333", "eu-west-1", ("none",)),
        ("own-rule", "111122223333", "eu-central-1", ("email", "slack", "sns")),
        ("pack-rule", "999999999999", "eu-west-1", ("email",)),
    ],
)
def test_an_alert_goes_where_the_first_route_that_takes_it_says(
    config: Config, rule_id: str, account: str, region: str, expected: tuple[str, ...]
) -> None:
    assert config.destinations_of(rule_of(config, rule_id), account_id=account, region=region) == expected


def test_a_route_takes_an_alert_that_meets_all_of_its_conditions(config: Config) -> None:
    rule = rule_of(config, "own-rule")
    assert Route(to=(), severity=("low",), tag=("cost", "x")).takes(rule, account_id="1", region="r")
    assert not Route(to=(), severity=("low",), tag=("x",)).takes(rule, account_id="1", region="r")
    assert not Route(to=(), account=("2",)).takes(rule, account_id="1", region="r")


def test_the_compiled_form_reads_back_the_same(config: Config) -> None:
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_the_version_follows_the_content(load: Load) -> None:
    first = load("packs: [starter]").config.version
    assert first == load("# a comment\npacks: [starter]").config.version
    assert first != load("packs: [starter]\ndestinations: {email: [soc@example.com]}").config.version
    assert len(first) == 12


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"format": 2},
        {"format": 1, "version": "a"},
        {"format": 1, "rules": [{"id": "a", "severity": "loud", "match": {}}]},
        {"format": 1, "version": "a", "rules": [{"id": "a", "severity": "low"}]},
        {"format": 1, "version": "a", "rules": 5},
    ],
)
def test_what_is_no_compiled_config_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Config.from_json(document)


def test_the_starter_config_is_valid_without_warnings() -> None:
    assert load_config(ROOT / "config" / "trailbell.yaml", today=TODAY).warnings == ()


def test_the_compiled_form_is_read_without_yaml_and_pydantic() -> None:
    code = "import sys, trailbell.config.model; sys.exit(' '.join({'yaml', 'pydantic', 'boto3'} & sys.modules.keys()) or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
