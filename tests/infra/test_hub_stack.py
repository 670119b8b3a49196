import json
from typing import Any

from trailbell.contract.tables import DUE_AT, DUE_INDEX, DUE_SHARD, SWEEP_SECONDS
from trailbell.contract.version import VERSION

Template = dict[str, Any]


def resources(template: Template, type_: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == type_]


def only(template: Template, type_: str) -> dict[str, Any]:
    found = resources(template, type_)
    assert len(found) == 1, type_
    return found[0]


def slots(template: Template, kind: str = "") -> list[dict[str, Any]]:
    """Return the rules that are filters, of one set or both; others have no name of their own."""
    return [rule for rule in resources(template, "AWS::Events::Rule") if f"-{kind}" in rule.get("Name", "")]


def test_every_filter_lets_through_what_aws_says_and_our_own_tests_only(hub: Template) -> None:
    rules = slots(hub)
    generation = rules[-1]["Name"].split("-")[2]
    assert [rule["Name"] for rule in rules] == [
        *(f"Trailbell-slot-{number}" for number in range(1, 6)),
        *(f"Trailbell-live-{generation}-{number}" for number in range(1, 6)),
    ]
    used = [rule for rule in rules if rule["State"] != "DISABLED"]
    assert used
    for rule in used:
        assert rule["EventPattern"]["source"] == [{"prefix": "aws."}, "trailbell.test"]
        assert rule["EventPattern"]["detail-type"] == [{"suffix": "via CloudTrail"}]
        assert rule["EventPattern"]["detail"]


def test_unused_slots_are_disabled_and_match_nothing(hub: Template) -> None:
    unused = [rule for rule in slots(hub) if rule["State"] == "DISABLED"]
    assert all(rule["EventPattern"] == {"source": ["trailbell.unused"]} for rule in unused)


def test_live_slots_are_the_same_whatever_the_config_so_that_cloudformation_never_writes_them(hub: Template) -> None:
    live = slots(hub, "live")
    assert {(rule["State"], json.dumps(rule["EventPattern"])) for rule in live} == {
        ("DISABLED", '{"source": ["trailbell.unused"]}')
    }
    assert [rule["Targets"] for rule in live] == [rule["Targets"] for rule in slots(hub, "slot")]


def test_what_a_filter_cannot_hand_over_goes_to_a_dead_letter_queue(hub: Template) -> None:
    for rule in slots(hub):
        (target,) = rule["Targets"]
        assert "FilterDeadLetters" in json.dumps(target["DeadLetterConfig"])
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def test_functions_are_arm64_on_the_newest_python_with_their_own_log_group(hub: Template) -> None:
    functions = resources(hub, "AWS::Lambda::Function")
    assert {function["Handler"] for function in functions} == {
        "trailbell.functions.detector.handler.handler",
        "trailbell.functions.window_closer.handler.handler",
        "trailbell.functions.notifier.handler.handler",
        "trailbell.functions.config_validator.handler.handler",
        "trailbell.functions.config_seed.handler.handler",
        "trailbell.functions.filter_sync.handler.handler",
    }
    for function in functions:
        assert function["Runtime"] == "python3.14"
        assert function["Architectures"] == ["arm64"]
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert [group["RetentionInDays"] for group in resources(hub, "AWS::Logs::LogGroup")] == [90] * len(functions)


def test_no_secret_stands_in_an_environment(hub: Template) -> None:
    for function in resources(hub, "AWS::Lambda::Function"):
        assert "hooks.slack.com" not in json.dumps(function)
        assert "xoxb" not in json.dumps(function)


def test_the_detector_leaves_what_it_cannot_handle_to_a_dead_letter_queue(hub: Template) -> None:
    (config,) = [
        config
        for config in resources(hub, "AWS::Lambda::EventInvokeConfig")
        if "Detector" in json.dumps(config["FunctionName"])
    ]
    assert "DetectorDeadLetters" in json.dumps(config["DestinationConfig"]["OnFailure"])
    assert config["MaximumRetryAttempts"] == 2
    assert config["MaximumEventAgeInSeconds"] == 21600


def test_topics_are_encrypted_and_take_only_tls(hub: Template) -> None:
    topics = resources(hub, "AWS::SNS::Topic")
    assert len(topics) == 3
    assert all("KmsMasterKeyId" in topic for topic in topics)
    assert only(hub, "AWS::KMS::Key")["EnableKeyRotation"] is True
    for policy in resources(hub, "AWS::SNS::TopicPolicy"):
        statements = policy["PolicyDocument"]["Statement"]
        assert any(statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}} for statement in statements)


def test_nobody_but_the_detector_publishes_alerts_and_the_account_may_not_subscribe(hub: Template) -> None:
    (policy,) = [p for p in resources(hub, "AWS::SNS::TopicPolicy") if "AlertsTopic" in json.dumps(p["Topics"])]
    statements = policy["PolicyDocument"]["Statement"]
    assert all(statement["Effect"] == "Deny" for statement in statements)
    (guard,) = [statement for statement in statements if statement["Sid"] == "OnlyTrailbellPublishes"]
    assert guard["Action"] == "sns:Publish"
    assert "DetectorRole" in json.dumps(guard["Condition"]["ArnNotEquals"]["aws:PrincipalArn"])


def test_queues_are_encrypted_and_keep_messages_for_14_days(hub: Template) -> None:
    queues = resources(hub, "AWS::SQS::Queue")
    assert len(queues) == 5
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues)
    assert all(queue["MessageRetentionPeriod"] == 14 * 24 * 3600 for queue in queues)


def test_slack_gets_raw_alerts_and_batches_are_answered_in_part(hub: Template) -> None:
    (subscription,) = [s for s in resources(hub, "AWS::SNS::Subscription") if s["Protocol"] == "sqs"]
    assert subscription["RawMessageDelivery"] is True
    mappings = resources(hub, "AWS::Lambda::EventSourceMapping")
    assert [mapping["FunctionResponseTypes"] for mapping in mappings] == [["ReportBatchItemFailures"]]


def test_emails_of_the_config_are_subscribed(hub: Template) -> None:
    emails = {s["Endpoint"] for s in resources(hub, "AWS::SNS::Subscription") if s["Protocol"] == "email"}
    assert emails == {"soc@example.com", "oncall@example.com"}


def test_every_dead_letter_queue_and_every_function_has_an_alarm(hub: Template) -> None:
    alarms = resources(hub, "AWS::CloudWatch::Alarm")
    watched = json.dumps([alarm.get("Dimensions") for alarm in alarms])
    for name, resource in hub["Resources"].items():
        if "Validator" in name:
            continue  # it fails on purpose: who pushes a broken config is told at once
        is_dead_letter_queue = resource["Type"] == "AWS::SQS::Queue" and "DeadLetters" in name
        if is_dead_letter_queue or resource["Type"] == "AWS::Lambda::Function":
            assert name in watched, name
    assert all("HealthTopic" in json.dumps(alarm["AlarmActions"]) for alarm in alarms)


def test_a_trail_of_every_region_is_made(hub: Template) -> None:
    trail = only(hub, "AWS::CloudTrail::Trail")
    assert trail["IsMultiRegionTrail"] is True
    assert trail["EnableLogFileValidation"] is True
    assert trail["IsLogging"] is True


def test_outputs_name_the_topic_the_secret_and_the_queues(hub: Template) -> None:
    assert set(hub["Outputs"]) >= {
        "AlertsTopicArn", "SlackSecretArn", "SlackQueueUrl",
        "FilterDeadLettersUrl", "DetectorDeadLettersUrl", "SlackDeadLettersUrl",
    }  # fmt: skip


def test_state_is_in_tables_that_clean_up_and_can_be_restored(hub: Template) -> None:
    tables = resources(hub, "AWS::DynamoDB::Table")
    keys = {
        tuple(key["AttributeName"] for key in table["KeySchema"]): table["TimeToLiveSpecification"] for table in tables
    }
    assert keys == {
        ("id",): {"AttributeName": "expiration", "Enabled": True},
        ("id", "entry"): {"AttributeName": "expires_at", "Enabled": True},
    }
    for table in tables:
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_detector_knows_its_tables_and_may_do_with_them_what_it_needs(hub: Template) -> None:
    (detector,) = [
        function
        for function in resources(hub, "AWS::Lambda::Function")
        if function["Handler"] == "trailbell.functions.detector.handler.handler"
    ]
    variables = detector["Environment"]["Variables"]
    claims, windows = variables["TRAILBELL_CLAIMS_TABLE"]["Ref"], variables["TRAILBELL_WINDOWS_TABLE"]["Ref"]
    allowed = {
        statement["Resource"]["Fn::GetAtt"][0]: set(statement["Action"])
        for policy in resources(hub, "AWS::IAM::Policy")
        if "DetectorRole" in json.dumps(policy["Roles"])
        for statement in policy["PolicyDocument"]["Statement"]
        if "dynamodb" in json.dumps(statement["Action"])
    }
    assert allowed == {
        claims: {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem"},
        windows: {"dynamodb:UpdateItem", "dynamodb:Query"},
    }


def test_the_index_of_what_is_due_holds_keys_only_and_what_writes_it_knows_its_names(hub: Template) -> None:
    (windows,) = [table for table in resources(hub, "AWS::DynamoDB::Table") if len(table["KeySchema"]) == 2]
    (index,) = windows["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["Projection"]) == (DUE_INDEX, {"ProjectionType": "KEYS_ONLY"})
    assert [key["AttributeName"] for key in index["KeySchema"]] == [DUE_SHARD, DUE_AT]
    types = {each["AttributeName"]: each["AttributeType"] for each in windows["AttributeDefinitions"]}
    assert types == {"id": "S", "entry": "S", DUE_SHARD: "S", DUE_AT: "N"}


def closer(hub: Template) -> tuple[str, dict[str, Any]]:
    ((name, function),) = [
        (name, resource["Properties"])
        for name, resource in hub["Resources"].items()
        if resource["Properties"].get("Handler") == "trailbell.functions.window_closer.handler.handler"
    ]
    return name, function


def test_the_window_closer_is_woken_by_the_clock_each_minute_and_not_again_where_it_fails(hub: Template) -> None:
    name, function = closer(hub)
    (rule,) = [rule for rule in resources(hub, "AWS::Events::Rule") if name in json.dumps(rule["Targets"])]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    (config,) = [
        config
        for config in resources(hub, "AWS::Lambda::EventInvokeConfig")
        if name in json.dumps(config["FunctionName"])
    ]
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (0, 60)
    assert function["Timeout"] == SWEEP_SECONDS < 60


def test_the_window_closer_knows_the_queues_of_notifiers_with_a_budget(hub: Template) -> None:
    text = json.dumps(closer(hub)[1]["Environment"]["Variables"]["TRAILBELL_NOTIFIER_QUEUES"])
    assert "slack" in text
    assert "SlackQueue" in text


def test_an_alarm_watches_the_detectors_books(hub: Template) -> None:
    (alarm,) = [alarm for alarm in resources(hub, "AWS::CloudWatch::Alarm") if alarm.get("MetricName") == "Unbalanced"]
    (detector,) = [
        function
        for function in resources(hub, "AWS::Lambda::Function")
        if function["Handler"] == "trailbell.functions.detector.handler.handler"
    ]
    variables = detector["Environment"]["Variables"]
    assert alarm["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": variables["POWERTOOLS_SERVICE_NAME"]}]


def test_a_config_is_live_at_once_and_watched_by_two_alarms_of_the_detectors_own_metrics(hub: Template) -> None:
    strategies = {s["FinalBakeTimeInMinutes"]: s for s in resources(hub, "AWS::AppConfig::DeploymentStrategy")}
    assert set(strategies) == {0, 3}
    assert {(s["DeploymentDurationInMinutes"], s["GrowthFactor"]) for s in strategies.values()} == {(0, 100)}
    monitors = only(hub, "AWS::AppConfig::Environment")["Monitors"]
    alarms = [hub["Resources"][monitor["AlarmArn"]["Fn::GetAtt"][0]]["Properties"] for monitor in monitors]
    assert {alarm["MetricName"] for alarm in alarms} == {"ConfigRejected", "Failed"}
    for alarm in alarms:
        assert (alarm["Namespace"], alarm["Period"], alarm["Threshold"]) == ("Trailbell", 60, 1)
        assert alarm["Dimensions"] == [{"Name": "service", "Value": "detector"}]


def test_appconfig_asks_the_validator_and_nobody_else_may(hub: Template) -> None:
    (validator,) = only(hub, "AWS::AppConfig::ConfigurationProfile")["Validators"]
    assert validator["Type"] == "LAMBDA"
    function = validator["Content"]["Fn::GetAtt"][0]
    permissions = [
        permission
        for permission in resources(hub, "AWS::Lambda::Permission")
        if permission["FunctionName"]["Fn::GetAtt"][0] == function
    ]
    assert [permission["Principal"] for permission in permissions] == ["appconfig.amazonaws.com"]
    # CDK's own LambdaValidator names no source either, and nothing says that AppConfig does.
    assert set(permissions[0]) == {"Action", "FunctionName", "Principal"}


def test_filter_sync_runs_every_15_minutes_and_on_deployments_of_a_config(hub: Template) -> None:
    rules = [
        rule
        for rule in resources(hub, "AWS::Events::Rule")
        if rule not in slots(hub) and "Heartbeat" not in json.dumps(rule) and "WindowCloser" not in json.dumps(rule)
    ]
    assert sorted(rule.get("ScheduleExpression", "") for rule in rules) == ["", "rate(15 minutes)"]
    (on_deployment,) = [rule for rule in rules if "EventPattern" in rule]
    assert on_deployment["EventPattern"]["detail"]["eventName"] == ["StartDeployment", "StopDeployment"]
    for rule in rules:
        assert "FilterSync" in json.dumps(rule["Targets"][0]["Arn"])


def test_filter_sync_may_write_slots_in_any_region_and_no_other_rule(hub: Template, forwarder: Template) -> None:
    (statement,) = [
        statement
        for policy in resources(hub, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "events:PutRule" in statement["Action"]
    ]
    patterns = [resource["Fn::Join"][1][-1] for resource in statement["Resource"]]
    assert patterns == [":rule/Trailbell-live-*", ":rule/Trailbell-slot-*"]
    assert all(":events:*:" in json.dumps(resource) for resource in statement["Resource"])
    for rule in (*slots(hub), *slots(forwarder)):
        assert any(f":rule/{rule['Name']}".startswith(pattern.removesuffix("*")) for pattern in patterns)


def test_only_eventbridge_rules_of_trailbell_wake_the_detector(hub: Template) -> None:
    policy = only(hub, "AWS::Lambda::ResourcePolicy")
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == (
        {"Service": "events.amazonaws.com"},
        "lambda:InvokeFunction",
    )
    assert statement["Resource"] == policy["ResourceArn"]
    filters, live, heartbeat = statement["Condition"]["ArnLike"]["aws:SourceArn"]
    assert json.dumps(filters).endswith(':rule/Trailbell-slot-*"]]}')
    assert json.dumps(live).endswith(':rule/Trailbell-live-*"]]}')
    assert heartbeat["Fn::GetAtt"][0].startswith("HeartbeatRule")
    # The resource would overwrite a permission.
    detector = policy["ResourceArn"]["Fn::GetAtt"][0]
    permitted = {
        permission["FunctionName"]["Fn::GetAtt"][0] for permission in resources(hub, "AWS::Lambda::Permission")
    }
    assert detector not in permitted


def test_the_packaged_config_goes_live_by_a_custom_resource_that_changes_with_it(hub: Template) -> None:
    seeded = only(hub, "Custom::TrailbellConfigSeed")
    assert len(seeded["ConfigVersion"]) == 12
    (seed,) = [
        f
        for f in resources(hub, "AWS::Lambda::Function")
        if f["Handler"] == "trailbell.functions.config_seed.handler.handler"
    ]
    # Without, CloudFormation would wait an hour for a seed that cannot answer.
    assert seed["Timeout"] < int(seeded["ServiceTimeout"]) < 900
    assert "LiveConfig" in hub["Outputs"]
    assert resources(hub, "AWS::AppConfig::HostedConfigurationVersion") == []


def test_the_template_tells_which_trailbell_made_it(hub: Template) -> None:
    assert hub["Metadata"] == {"Trailbell": {"Version": VERSION}}
