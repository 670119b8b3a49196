"""Every mistake of a config is told in one run, with its place, the field and what to do."""

from pathlib import Path

import pytest

from tests.unit.authoring.reading import TODAY, Check
from trailbell.authoring import InvalidConfigError, load_config

TEN_MISTAKES = """\
pack: [starter]
accounts:
  "1111": production
networks: {office: [203.0.113.7/24]}
rules:
  - id: Root Login
    title: Root signed in
    severity: hihg
    match:
      eventSource: [signin.amazonaws.com]
      eventName: [ConsolLogin]
      sourceIpAddress: [198.51.100.7]
    dedupe: {by: [pricipal], window: 15m}
    summary: "{user} signed in"
disable: [ec2-instance-lanched]
"""


def test_ten_mistakes_give_ten_errors_with_file_and_line_in_one_run(tmp_path: Path) -> None:
    path = tmp_path / "trailbell.yaml"
    path.write_text(TEN_MISTAKES, encoding="utf-8")
    with pytest.raises(InvalidConfigError) as caught:
        load_config(path, today=TODAY)
    problems = caught.value.problems
    assert [(problem.level, problem.line, problem.rule, problem.field) for problem in problems] == [
        ("error", 1, None, "pack"),
        ("error", 3, None, "accounts.1111"),
        ("error", 4, None, "networks.office[0]"),
        ("error", 6, "Root Login", "id"),
        ("error", 8, "Root Login", "severity"),
        ("error", 11, "Root Login", "match.eventName[0]"),
        ("error", 12, "Root Login", "match.sourceIpAddress"),
        ("error", 13, "Root Login", "dedupe.by[0]"),
        ("error", 14, "Root Login", "summary"),
        ("error", 15, None, "disable[0]"),
    ]
    assert {problem.file for problem in problems} == {str(path)}
    assert all(problem.tip or problem.field == "summary" for problem in problems)
    assert str(caught.value).count("\n") == len(problems) - 1


def rule(**fields: str) -> str:
    """Write a config of one rule, with these lines in place of its own."""
    lines = {
        "id": "id: a",
        "title": "title: A",
        "severity": "severity: low",
        "match": "match: {eventName: [RunInstances]}",
    }
    return "rules:\n  - " + "\n    ".join((lines | fields).values()) + "\n"


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("pack: [starter]", "pack", "unknown key pack. Did you mean packs?"),
        ("packs: [stater]", "packs[0]", "there is no pack stater. Did you mean starter?"),
        ("packs: starter", "packs", "must be a list, not 'starter'. Put it in brackets: [starter]."),
        ("[1]", None, "must be a mapping, not a list"),
        ("accounts: {111122223333: 5}", "accounts.111122223333", 'must be text, not 5. Put it in quotes: "5".'),
        ("accounts: {12: a}", "accounts.12", "is not an account id"),
        ("networks: {office: 10.0.0.0/8}", "networks.office", "must be a list"),
        ("networks: {office: [10.0.0.1/8]}", "networks.office[0]", "Did you mean 10.0.0.0/8?"),
        ("networks: {office: [ten]}", "networks.office[0]", "is not a CIDR"),
        ("networks: {a: [10.0.0.0/8], b: [10.0.0.0/8]}", "networks.b[0]", "10.0.0.0/8 is in a too"),
        ("expected_regions: [Frankfurt]", "expected_regions[0]", "is not a region"),
        (
            "business_hours: {timezone: UTC, start: '9:00', end: '17:00'}",
            "business_hours.start",
            "is not a time of day",
        ),
        ("business_hours: {timezone: Berlin, start: '09:00', end: '17:00'}", "business_hours.timezone", "time zone"),
        ("business_hours: {timezone: UTC, start: '09:00'}", "business_hours", "end is missing"),
        ("destinations: {email: [soc]}", "destinations.email[0]", "is not an e-mail address"),
        ("destinations: {slack: {webhook: x}}", "destinations.slack.webhook", "unknown key webhook"),
        ("destinations: {slack: {endpoint: hooks.slack.com}}", "destinations.slack.endpoint", "is not an endpoint"),
        ("deployment: {slots: 0}", "deployment.slots", "must be at least 1, not 0"),
        ("deployment: {slots: true}", "deployment.slots", "must be a whole number, not true"),
        ("deployment: {trail: creat}", "deployment.trail", "Did you mean create?"),
        (
            "deployment: {log_retention_days: 91}",
            "deployment.log_retention_days",
            "is not one of the values it can have",
        ),
        ("routes: [{to: [slak]}]", "routes[0].to[0]", "Did you mean slack?"),
        ("routes: [{to: [Slack!]}]", "routes[0].to[0]", "is not the name of a destination"),
        ("routes: [{to: [teams]}]", "routes[0].to[0]", "there is no destination teams"),
        (
            "{destinations: {slack: {channels: {soc: '#soc'}}}, routes: [{to: [slack/sox]}]}",
            "routes[0].to[0]",
            "Did you mean slack/soc?",
        ),
        ("destinations: {topics: {pager: pager}}", "destinations.topics.pager", "is not the ARN of a topic"),
        ("destinations: {webhook: {}}", "destinations.webhook", "host is missing"),
        ("destinations: {webhook: {host: 'https://x'}}", "destinations.webhook.host", "Write its name alone"),
        ("routes: [{to: [email], rule: [nowhere]}]", "routes[0].rule[0]", "there is no rule nowhere"),
        ("overrides: {nowhere: {severity: low}}", "overrides.nowhere", "there is no rule nowhere"),
        ("suppressions: [{match: {eventName: [RunInstances]}}]", "suppressions[0]", "reason is missing"),
        ("suppressions: [{match: {a: b}, reason: x}]", "suppressions[0].match.a", "[b]"),
        (
            "suppressions: [{match: {eventName: [RunInstances]}, reason: x, expires: 31.12.2026}]",
            "suppressions[0].expires",
            "Write it as year-month-day",
        ),
        (rule(severity="severity: urgent"), "severity", "Known: critical, high, info, low, medium."),
        (rule(match="match: {}"), "match", "must not be empty"),
        (rule(match="match: [a]"), "match", "must be a mapping, not a list"),
        (rule(x="excpt: []"), "excpt", "Did you mean except?"),
        (rule(x="except: {eventName: [A]}"), "except", "must be a list"),
        (rule(x="threshold: {count: 1, by: [account], window: 5m}"), "threshold.count", "must be at least 2"),
        (rule(x="threshold: {count: 5, by: [], window: 5m}"), "threshold.by", "must not be empty"),
        (rule(x="first_seen: {by: [account], window: 2y}"), "first_seen.window", "is not a duration"),
        (rule(x="first_seen: {by: [account], window: 500d}"), "first_seen.window", "The longest is 400d."),
        (rule(x="dedupe: {by: [account, account], window: 5m}"), "dedupe.by[1]", "account is named twice"),
        (rule(x="references: [http://example.com/]"), "references[0]", "is not an https:// URL"),
        (rule(x="tests: [{name: a, record: ../a.json, alerts: true}]"), "tests[0].record", "a record is the name"),
        (
            rule(x="tests: [{name: a, record: a.json, alerts: yes}]"),
            "tests[0].alerts",
            "must be true or false, not 'yes'",
        ),
        (rule(x="routes: [pager]"), "routes[0]", "Known: email, slack, sns."),
        (rule(x="enabled: 'false'"), "enabled", "must be true or false"),
        (rule(match="match: {eventName: RunInstances}"), "match.eventName", "[RunInstances]"),
        (rule(match="match: {eventName: []}"), "match.eventName", "the list is empty"),
        (rule(match="match: {eventName: [{prefx: Run}]}"), "match.eventName", "there is no operator 'prefx'"),
        (rule(match="match: {sourceIPAddress: [{cidr: 10.0.0.0/99}]}"), "match.sourceIPAddress", "cidr takes"),
        (rule(match="match: {$or: [{eventName: [RunInstances]}]}"), "match", "two or more patterns"),
    ],
)
def test_a_mistake_is_told_where_it_is_and_with_what_to_do(
    check: Check, text: str, field: str | None, words: str
) -> None:
    problems = check(text)
    assert [problem.field for problem in problems] == [field]
    assert problems[0].level == "error"
    assert words in str(problems[0])


def test_threshold_and_first_seen_exclude_each_other(check: Check) -> None:
    both = "threshold: {count: 2, by: [account], window: 5m}\n    first_seen: {by: [account], window: 5m}"
    assert ["either threshold or first_seen" in problem.message for problem in check(rule(x=both))] == [True]


def test_two_rules_of_one_id_are_told_with_the_place_of_the_first(check: Check, tmp_path: Path) -> None:
    own = "  - {id: a, title: A, severity: low, match: {eventName: [RunInstances]}}\n"
    (problem,) = check("rules:\n" + own * 2)
    assert problem.line == 3
    assert f"{tmp_path / 'trailbell.yaml'}, line 2" in problem.message


def test_a_pack_cannot_bring_a_rule_of_a_taken_id(check: Check, tmp_path: Path) -> None:
    own = "rules:\n  - {id: a, title: A, severity: low, match: {eventName: [RunInstances]}}\n"
    (tmp_path / "packs" / "mine").mkdir(parents=True)
    (tmp_path / "packs" / "mine" / "a.yaml").write_text(own)
    (problem,) = check("packs: [mine]\n" + own)
    assert problem.file.endswith("packs/mine/a.yaml")
    assert "the id a is taken" in problem.message


def test_a_pack_holds_nothing_but_rules(check: Check, tmp_path: Path) -> None:
    (tmp_path / "packs" / "mine").mkdir(parents=True)
    (tmp_path / "packs" / "mine" / "a.yaml").write_text("disable: [b]\n")
    assert [problem.message for problem in check("packs: [mine]")] == ["rules is missing", "unknown key disable"]


def test_an_expired_suppression_is_only_a_warning(check: Check) -> None:
    suppression = "suppressions: [{match: {eventName: [RunInstances]}, reason: x, expires: 2026-11-22}]"
    (problem,) = check(suppression)
    assert (problem.level, problem.field) == ("warning", "suppressions[0].expires")
    assert check(suppression.replace("11-22", "11-23")) == []


def test_every_broken_condition_of_a_pattern_is_told_at_its_own_line(check: Check) -> None:
    match = "match:\n      eventName: [{prefx: Run}]\n      awsRegion: eu-west-1\n      $or:\n"
    match += "        - {errorCode: [{exists: maybe}]}\n        - {userAgent: []}"
    assert [(problem.line, problem.field) for problem in check(rule(match=match))] == [
        (6, "match.eventName"),
        (7, "match.awsRegion"),
        (9, "match.$or[0].errorCode"),
        (10, "match.$or[1].userAgent"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "expected_regions: [eu-central-1, eu-centrl-1]",
        "deployment: {home_region: eu-centrl-1}",
        "deployment: {regions: [eu-centrl-1]}",
        "routes: [{region: [eu-centrl-1], to: [email]}]",
    ],
)
def test_a_region_that_is_not_known_is_a_warning(check: Check, text: str) -> None:
    (problem,) = check(text)
    assert problem.level == "warning"
    assert problem.tip == "Did you mean eu-central-1?"
