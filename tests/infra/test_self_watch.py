import json
from typing import Any

from tests.infra.test_hub_stack import only, resources
from trailbell.contract.outcomes import EVENT_METRICS, METRICS
from trailbell.outbox.heartbeat import is_heartbeat
from trailbell.pattern import Pattern

Template = dict[str, Any]


def alarms(hub: Template, metric: str) -> list[dict[str, Any]]:
    return [alarm for alarm in resources(hub, "AWS::CloudWatch::Alarm") if alarm.get("MetricName") == metric]


def heartbeat(hub: Template) -> dict[str, Any]:
    """Return the event as a rule sees it once the schedule has put it on the bus."""
    (entry,) = json.loads(only(hub, "AWS::Scheduler::Schedule")["Target"]["Input"])["Entries"]
    assert set(entry) == {"EventBusName", "Source", "DetailType", "Detail"}
    assert entry["EventBusName"] == "default"
    return {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}


def heartbeat_rule(hub: Template) -> dict[str, Any]:
    (rule,) = [rule for rule in resources(hub, "AWS::Events::Rule") if "TrailbellHeartbeat" in json.dumps(rule)]
    return rule


def test_the_heartbeat_is_put_hourly_let_through_and_known(hub: Template) -> None:
    schedule = only(hub, "AWS::Scheduler::Schedule")
    assert schedule["ScheduleExpression"] == "rate(1 hour)"
    assert "aws-sdk:eventbridge:putEvents" in json.dumps(schedule["Target"]["Arn"])
    rule = heartbeat_rule(hub)
    assert rule["State"] == "ENABLED"
    assert Pattern.parse(rule["EventPattern"]).matches(heartbeat(hub))
    assert "Detector" in json.dumps(rule["Targets"][0]["Arn"])
    assert "FilterDeadLetters" in json.dumps(rule["Targets"][0]["DeadLetterConfig"])
    assert is_heartbeat(heartbeat(hub))


def test_the_schedule_may_put_events_on_the_default_bus_and_nothing_else(hub: Template) -> None:
    (policy,) = [
        policy for policy in resources(hub, "AWS::IAM::Policy") if "HeartbeatRole" in json.dumps(policy["Roles"])
    ]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "events:PutEvents")
    assert json.dumps(statement["Resource"]).endswith(':event-bus/default"]]}')


def test_only_the_detector_publishes_heartbeats(hub: Template) -> None:
    (policy,) = [p for p in resources(hub, "AWS::SNS::TopicPolicy") if "HeartbeatTopic" in json.dumps(p["Topics"])]
    (guard,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] == "OnlyTrailbellPublishes"]
    (role,) = guard["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert role["Fn::GetAtt"][0].startswith("DetectorRole")


def test_a_day_without_heartbeat_is_an_alarm_even_where_nothing_is_measured(hub: Template) -> None:
    (alarm,) = alarms(hub, "Heartbeat")
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 24 * 3600
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"
    assert "DatapointsToAlarm" not in alarm


def test_every_queue_that_is_read_has_an_alarm_on_its_oldest_message(hub: Template) -> None:
    waiting = alarms(hub, "ApproximateAgeOfOldestMessage")
    work = {
        name
        for name, resource in hub["Resources"].items()
        if resource["Type"] == "AWS::SQS::Queue" and "DeadLetters" not in name
    }
    assert {alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for alarm in waiting} == work
    # What a notifier could not deliver comes back within minutes, and that is no fault.
    assert all(alarm["Threshold"] >= 30 * 60 for alarm in waiting)


def test_sweeps_that_do_not_run_or_fall_behind_for_half_an_hour_are_an_alarm(hub: Template) -> None:
    (alarm,) = alarms(hub, "OverdueSeconds")
    (function,) = [
        f
        for f in resources(hub, "AWS::Lambda::Function")
        if f["Handler"].startswith("trailbell.functions.window_closer.handler")
    ]
    variables = function["Environment"]["Variables"]
    assert alarm["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": variables["POWERTOOLS_SERVICE_NAME"]}]
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 30 * 60
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 300)
    assert alarm["TreatMissingData"] == "breaching"


def test_what_no_filter_could_hand_over_is_a_dead_letter_with_an_alarm_whichever_filter_it_was(hub: Template) -> None:
    (watched,) = [
        alarm
        for alarm in alarms(hub, "ApproximateNumberOfMessagesVisible")
        if "FilterDeadLetters" in json.dumps(alarm["Dimensions"])
    ]
    assert watched["Threshold"] == 1
    for rule in resources(hub, "AWS::Events::Rule"):
        if "Name" in rule:
            assert "FilterDeadLetters" in json.dumps(rule["Targets"][0]["DeadLetterConfig"])


def test_alarms_are_as_many_as_the_readme_says(hub: Template) -> None:
    found = resources(hub, "AWS::CloudWatch::Alarm")
    assert len(found) == 22
    metrics = sum(
        len([query for query in alarm.get("Metrics", [{"MetricStat": 1}]) if "MetricStat" in query]) for alarm in found
    )
    assert metrics == 22


def test_the_dashboard_shows_alerts_delay_books_deliveries_queues_functions_and_cost(hub: Template) -> None:
    body = json.dumps(only(hub, "AWS::CloudWatch::Dashboard")["DashboardBody"])
    for shown in (
        "Alerts by rule", "Alerts by severity", "Alerts by account", "AlertDelay", "Unmatched", "Deduplicated",
        "Delivered", "Refused", "Dead letters", "ApproximateAgeOfOldestMessage", "Invocations", "Errors", "Estimated cost",
    ):  # fmt: skip
        assert shown in body, shown
    for metric in (*METRICS.values(), *EVENT_METRICS):
        assert f'"{metric}"' in body.replace("\\", ""), metric


def test_queries_are_saved_in_a_folder_of_their_own(hub: Template) -> None:
    queries = resources(hub, "AWS::Logs::QueryDefinition")
    assert {query["Name"] for query in queries} == {
        "Trailbell/Alerts of the day by rule",
        "Trailbell/Findings not sent, and why",
        "Trailbell/Slowest alerts",
        "Trailbell/Slowest invocations",
        "Trailbell/Errors",
        "Trailbell/Config versions in force",
        "Trailbell/Deliveries refused",
        "Trailbell/Deliveries by destination",
    }
    assert all(query["LogGroupNames"] for query in queries)
