"""Every destination that needs a function, switched on at once."""

import json
from typing import Any

import pytest

from tests.infra.conftest import synthesise

Template = dict[str, Any]
CONFIG = """\
packs: [starter]
destinations:
  slack: {enabled: true, channels: {soc: "#soc"}}
  topics: {pager: "arn:aws:sns:us-east-2:111122223333:pager"}
  webhook: {host: siem.example.com}
  teams: {}
  pagerduty: {region: eu}
  security_hub: {}
deployment: {home_region: us-east-2}
"""
KINDS = {"slack", "topic", "webhook", "teams", "pagerduty", "security-hub"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("notifiers")
    done = synthesise(folder, CONFIG)
    assert done.returncode == 0, done.stderr
    template: Template = json.loads((folder / "cdk.out" / "Trailbell.template.json").read_text(encoding="utf-8"))
    return template


def of_type(template: Template, type_: str) -> dict[str, Any]:
    found = template["Resources"].items()
    return {name: resource["Properties"] for name, resource in found if resource["Type"] == type_}


def notifiers(template: Template) -> dict[str, dict[str, Any]]:
    """Return each notifier's environment by its kind."""
    environments = [
        function["Environment"]["Variables"]
        for function in of_type(template, "AWS::Lambda::Function").values()
        if function["Handler"] == "trailbell.functions.notifier.handler.handler"
    ]
    return {environment["TRAILBELL_DESTINATION"]: environment for environment in environments}


def test_each_destination_has_a_function_a_queue_and_a_dead_letter_queue_of_its_own(hub: Template) -> None:
    found = notifiers(hub)
    assert set(found) == KINDS
    for variable in ("TRAILBELL_QUEUE_URL", "TRAILBELL_DEAD_LETTERS_URL"):
        assert len({json.dumps(environment[variable]) for environment in found.values()}) == len(KINDS)


def test_each_secret_begins_empty_and_those_without_have_none(hub: Template) -> None:
    secrets = of_type(hub, "AWS::SecretsManager::Secret")
    templates = [json.loads(secret["GenerateSecretString"]["SecretStringTemplate"]) for secret in secrets.values()]
    assert sorted(map(sorted, templates)) == [["routing_key"], ["signing_key", "url"], ["url"], ["webhook_url"]]
    assert {value for template in templates for value in template.values()} == {""}
    with_secret = {kind for kind, environment in notifiers(hub).items() if "TRAILBELL_SECRET_ARN" in environment}
    assert {"slack", "webhook", "teams", "pagerduty"} == with_secret


def test_what_a_secret_began_with_never_changes_or_cloudformation_would_write_it_over_what_its_user_filled_in(
    hub: Template,
) -> None:
    """Do not change this text with the fields of a destination: name new ones in the description alone."""
    generated = {
        name.partition("Secret")[0]: secret["GenerateSecretString"]
        for name, secret in of_type(hub, "AWS::SecretsManager::Secret").items()
    }
    templates = {
        "Slack": '{"webhook_url": ""}',
        "Webhook": '{"url": "", "signing_key": ""}',
        "Teams": '{"url": ""}',
        "PagerDuty": '{"routing_key": ""}',
    }
    assert generated == {
        name: {"GenerateStringKey": "unused", "SecretStringTemplate": text} for name, text in templates.items()
    }


def test_each_function_may_reach_its_own_destination_only(hub: Template) -> None:
    policies = {name: json.dumps(policy) for name, policy in of_type(hub, "AWS::IAM::Policy").items()}

    def allowed(action: str) -> set[str]:
        return {
            name.partition("Notifier")[0] for name, text in policies.items() if action in text and "Notifier" in name
        }

    assert allowed("securityhub:BatchImportFindings") == {"SecurityHub"}
    assert allowed("sns:Publish") == {"Topics"}
    assert allowed("secretsmanager:GetSecretValue") == {"Slack", "Webhook", "Teams", "PagerDuty"}


def test_each_is_watched(hub: Template) -> None:
    watched = json.dumps([alarm.get("Dimensions") for alarm in of_type(hub, "AWS::CloudWatch::Alarm").values()])
    for name in of_type(hub, "AWS::SQS::Queue"):
        if "DeadLetters" in name:
            assert name in watched


def test_a_destination_that_takes_nothing_for_a_quarter_of_an_hour_raises_an_alarm(hub: Template) -> None:
    failing = [a for a in of_type(hub, "AWS::CloudWatch::Alarm").values() if a.get("MetricName") == "Retried"]
    assert {alarm["Dimensions"][0]["Value"] for alarm in failing} == {f"{kind}-notifier" for kind in KINDS}
    for alarm in failing:
        assert (alarm["Period"] * alarm["EvaluationPeriods"], alarm["Threshold"]) == (900, 1)


def test_only_slack_remembers_its_messages_and_only_its_own(hub: Template) -> None:
    statements = {
        name.partition("Notifier")[0]: statement
        for name, policy in of_type(hub, "AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if "dynamodb:BatchWriteItem" in statement["Action"]
    }
    assert list(statements) == ["Slack"]
    assert statements["Slack"]["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["thread#slack#*", "thread#slack/*"]}
    }
    assert set(statements["Slack"]["Action"]) == {"dynamodb:BatchWriteItem", "dynamodb:GetItem"}
    assert "TRAILBELL_WINDOWS_TABLE" in notifiers(hub)["slack"]
