"""What can never fire is refused, or warned of where AWS may know more than the shipped list."""

import pytest

from tests.shared import needs_records, real_records
from tests.unit.authoring.reading import Check
from trailbell.authoring.reachability.catalog import kind_of


def rule(match: str, *exceptions: str) -> str:
    """Write a config of one rule."""
    text = f"rules:\n  - id: a\n    title: A\n    severity: low\n    match: {match}\n"
    return text + (f"    except: [{', '.join(exceptions)}]\n" if exceptions else "")


@pytest.mark.parametrize(
    ("match", "field", "words"),
    [
        ("{sourceIpAddress: ['198.51.100.7']}", "match.sourceIpAddress", "Did you mean sourceIPAddress?"),
        ("{eventname: [RunInstances]}", "match.eventname", "Did you mean eventName?"),
        ("{instanceType: [t3.micro]}", "match.instanceType", "stand under requestParameters"),
        ("{userIdentity.arnn: [a]}", "match.userIdentity.arnn", "Did you mean arn?"),
        ("{userIdentity: {arnn: [a]}}", "match.userIdentity.arnn", "Did you mean arn?"),
        ("{$or: [{eventName: [RunInstances]}, {eventNme: [a]}]}", "match.$or[1].eventNme", "Did you mean eventName?"),
        ("{userIdentity: [alice]}", "match.userIdentity", "is an object"),
        ("{eventName: {prefix: [Run]}}", "match.eventName", "Put the condition in a list"),
        ("{trailbell: {principal: {kid: [human]}}}", "match.trailbell.principal.kid", "Did you mean kind?"),
        ("{trailbell: {principal: {kind: [person]}}}", "match.trailbell.principal.kind[0]", "Known: human"),
        ("{trailbell: {event: {failed: ['true']}}}", "match.trailbell.event.failed[0]", "without quotes"),
        ("{readOnly: ['true']}", "match.readOnly[0]", 'the text "true" never matches it'),
        ("{recipientAccountId: [111122223333]}", "match.recipientAccountId[0]", 'Write "111122223333".'),
        (
            "{userIdentity: {sessionContext: {attributes: {mfaAuthenticated: [false]}}}}",
            "match.userIdentity.sessionContext.attributes.mfaAuthenticated[0]",
            'Write "false".',
        ),
        ("{userIdentity: {type: [IamUser]}}", "match.userIdentity.type[0]", "Did you mean IAMUser?"),
        ("{eventType: [AwsConsoleLogin]}", "match.eventType[0]", "is never AwsConsoleLogin"),
        ("{eventName: ['Delete*']}", "match.eventName[0]", '{wildcard: "Delete*"}'),
        ("{eventName: [{prefix: 'Delete*'}]}", "match.eventName[0]", "stands for itself in prefix: it never matches"),
        ("{eventName: [{anything-but: ['Get*']}]}", "match.eventName[0]", "{anything-but: {wildcard:"),
        ("{eventSource: [ec2]}", "match.eventSource[0]", "ec2"),
        ("{eventSource: [ec2.amazon.com]}", "match.eventSource[0]", "Did you mean ec2.amazonaws.com?"),
        ("{eventName: [RunInstancs]}", "match.eventName[0]", "Did you mean RunInstances?"),
        ("{eventSource: [ec2.amazonaws.com], eventName: [CreateUser]}", "match.eventName[0]", "iam.amazonaws.com"),
        (
            "{eventSource: [s3.amazonaws.com], eventName: [PutPublicAccessBlock]}",
            "match.eventName[0]",
            "PutBucketPublicAccessBlock or PutAccountPublicAccessBlock",
        ),
        (
            "{eventSource: [lambda.amazonaws.com], eventName: [UpdateFunctionCode]}",
            "match.eventName[0]",
            "{prefix: UpdateFunctionCode2015}",
        ),
        (
            "{trailbell: {event: {name: [UpdateFunctionCode20150331v2]}}}",
            "match.trailbell.event.name[0]",
            "Write UpdateFunctionCode.",
        ),
        (
            "{errorCode: [{exists: false}], $or: [{errorCode: [AccessDenied]}, {errorCode: [Throttling]}]}",
            "match.$or[0].errorCode",
            "excludes the condition on errorCode in line 5",
        ),
        (
            "{awsRegion: [eu-west-1], $or: [{awsRegion: [eu-west-2]}, {awsRegion: [{prefix: us-}]}]}",
            "match.$or[0].awsRegion",
            "it never matches",
        ),
    ],
)
def test_what_never_matches_is_an_error(check: Check, match: str, field: str, words: str) -> None:
    problems = check(rule(match))
    assert [(problem.level, problem.field) for problem in problems] == [("error", field)]
    assert words in str(problems[0])


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("{eventSource: [brandnew.amazonaws.com]}", "not among the event sources"),
        ("{eventSource: [sqs.amazonaws.com], eventName: [FoldQueue]}", "unless it is newer than botocore"),
        (
            "{eventSource: [sqs.amazonaws.com], eventName: [{prefix: Fold}]}",
            "no event that Trailbell knows has such a name",
        ),
        ("{eventSource: [sqs.amazonaws.com, sns.amazonaws.com], eventName: [CreateQueue]}", "one of sns.amazonaws.com"),
        ("{eventSource: [sqs.amazonaws.com], eventName: [CreateQueue], readOnly: [true]}", "readOnly is never true"),
        ("{eventSource: [sqs.amazonaws.com], eventName: [ListQueues], readOnly: [false]}", "readOnly is never false"),
        ("{userIdentity: {shoeSize: [a]}}", "does not document"),
        ("{awsRegion: [eu-centrl-1]}", "Did you mean eu-central-1?"),
        ("{requestParameters: {name: ['prod-*']}}", "stands for itself"),
        (
            "{errorCode: [{exists: false}], $or: [{errorCode: [AccessDenied]}, {awsRegion: [eu-west-1]}]}",
            "this branch never matches",
        ),
        ("{eventSource: [lambda.amazonaws.com], eventName: [PublishLayerVersion]}", "PublishLayerVersion20181031"),
    ],
)
def test_what_may_be_a_mistake_is_a_warning(check: Check, match: str, words: str) -> None:
    problems = check(rule(match))
    assert [problem.level for problem in problems] == ["warning"]
    assert words in str(problems[0])


@pytest.mark.parametrize(
    "match",
    [
        "{eventSource: [lambda.amazonaws.com], eventName: [UpdateFunctionCode20150331v2]}",
        "{eventSource: [lambda.amazonaws.com], eventName: [{prefix: UpdateFunctionCode}]}",
        "{eventSource: [lambda.amazonaws.com], eventName: [UpdateFunctionCode, UpdateFunctionCode20150331v2]}",
        "{eventSource: [lambda.amazonaws.com], trailbell: {event: {name: [UpdateFunctionCode]}}}",
        "{eventSource: [s3.amazonaws.com], eventName: [PutBucketLifecycle, PutBucketLifecycleConfiguration]}",
        "{eventSource: [cloudfront.amazonaws.com], eventName: [CreateDistribution, CreateDistribution2020_05_31]}",
        "{eventSource: [signin.amazonaws.com], eventName: [ConsoleLogin, SwitchRole]}",
        "{eventSource: [kms.amazonaws.com], eventName: [RotateKey], eventType: [AwsServiceEvent]}",
        "{eventSource: [monitoring.amazonaws.com], eventName: [DeleteAlarms]}",
        "{eventSource: [ses.amazonaws.com], eventName: [UpdateAccountSendingEnabled]}",
        "{eventSource: [sso.amazonaws.com], eventName: [CreateAccountAssignment, Federate]}",
        "{eventSource: [{suffix: .amazonaws.com}], eventName: [{prefix: Delete}]}",
        "{eventSource: [{anything-but: ec2.amazonaws.com}], eventName: [CreateUser]}",
        "{$or: [{eventSource: [ec2.amazonaws.com], eventName: [RunInstances]}, {eventName: [CreateUser]}]}",
        "{eventName: [CreateTags, TagUser], $or: [{eventSource: [ec2.amazonaws.com]}, {eventSource: [{prefix: iam}]}]}",
        "{requestParameters: {policyDocument: [{wildcard: '*Allow*'}], principal: ['*'], action: ['s3:*']}}",
        "{trailbell: {policy: {statements: {actions: ['*', 'iam:*'], effect: [Allow]}}}}",
        "{additionalEventData: {MFAUsed: ['No']}, responseElements: {ConsoleLogin: [Success]}}",
        "{resources: {type: ['AWS::S3::Bucket']}, $or: [{resources: {type: [a]}}, {resources: {type: [b]}}]}",
        "{userIdentity: {sessionContext: {webIdFederationData: {attributes: {aud: [sts.amazonaws.com]}}}}}",
        "{insightDetails: {insightType: [ApiCallRateInsight], insightContext: {statistics: {a: [1]}}}}",
        "{sessionCredentialFromConsole: ['true'], vpcEndpointAccountId: ['111122223333']}",
        "{readOnly: [true, false]}",
        "{userIdentity.type: [Root], userIdentity.sessionContext.attributes: {mfaAuthenticated: ['false']}}",
        "{errorCode: [{exists: false}, AccessDenied], $or: [{errorCode: [AccessDenied]}, {awsRegion: [eu-west-1]}]}",
    ],
)
def test_what_can_match_is_left_alone(check: Check, match: str) -> None:
    assert [str(problem) for problem in check(rule(match))] == []


@pytest.mark.parametrize(
    ("match", "exception"),
    [
        ("{eventName: [RunInstances]}", "{eventName: [RunInstances, StopInstances]}"),
        ("{eventName: [RunInstances], awsRegion: [eu-west-1]}", "{awsRegion: [{prefix: eu-}]}"),
        ("{eventName: [{prefix: Delete}]}", "{eventName: [{prefix: Del}]}"),
        ("{eventName: [RunInstances]}", "{eventName: [{exists: true}]}"),
        ("{eventName: [RunInstances], errorCode: [{exists: false}]}", "{errorCode: [{exists: false}]}"),
        ("{eventName: [RunInstances]}", "{$or: [{awsRegion: [eu-west-1]}, {eventName: [{anything-but: A}]}]}"),
    ],
)
def test_an_exception_that_covers_all_is_an_error(check: Check, match: str, exception: str) -> None:
    (problem,) = check(rule(match, exception))
    assert (problem.level, problem.field) == ("error", "except[0]")
    assert "it never alerts" in problem.message


@pytest.mark.parametrize(
    ("match", "exception"),
    [
        ("{eventName: [RunInstances, StopInstances]}", "{eventName: [RunInstances]}"),
        ("{eventName: [{prefix: Del}]}", "{eventName: [{prefix: DeleteBucket}]}"),
        ("{eventName: [RunInstances]}", "{eventName: [RunInstances], awsRegion: [eu-west-1]}"),
        ("{requestParameters: {name: [a]}}", "{requestParameters: {name: [b]}}"),
        ("{errorCode: [{exists: false}, AccessDenied]}", "{errorCode: [AccessDenied]}"),
    ],
)
def test_an_exception_that_leaves_something_over_is_fine(check: Check, match: str, exception: str) -> None:
    assert check(rule(match, exception)) == []


def test_exceptions_that_cover_all_only_together_are_an_error(check: Check) -> None:
    match = "{$or: [{awsRegion: [eu-west-1]}, {awsRegion: [eu-west-2]}]}"
    (problem,) = check(rule(match, "{awsRegion: [eu-west-1]}", "{awsRegion: [eu-west-2]}"))
    assert (problem.level, problem.field) == ("error", "except[0]")


def test_an_exception_that_never_applies_is_a_warning(check: Check) -> None:
    (problem,) = check(rule("{eventName: [RunInstances]}", "{eventName: [StopInstances]}"))
    assert (problem.level, problem.field) == ("warning", "except[0]")


@pytest.mark.parametrize(("rules", "warned"), [("[a]", 1), ("[]", 1), ("[b]", 0)])
def test_a_suppression_that_hides_all_of_a_rule_is_a_warning(check: Check, rules: str, warned: int) -> None:
    other = "  - {id: b, title: B, severity: low, match: {eventName: [StopInstances]}}\n"
    suppression = f"suppressions: [{{match: {{eventName: [{{prefix: Run}}]}}, reason: x, rules: {rules}}}]\n"
    problems = check(rule("{eventName: [RunInstances]}") + other + suppression)
    assert len([problem for problem in problems if "hides every finding of the rule a" in problem.message]) == warned


def test_many_alternatives_end_in_time(check: Check) -> None:
    branches = ", ".join(f"{{userAgent: [agent-{n}]}}" for n in range(30))
    assert (
        check(rule(f"{{$or: [{branches}], requestParameters: {{$or: [{branches.replace('userAgent', 'x')}]}}}}")) == []
    )


@needs_records
def test_every_field_of_real_records_is_known() -> None:
    odd = {("userIdentitytype",)}  # one record of the corpus is broken so
    unknown = set()
    for record in real_records():
        paths: list[tuple[str, ...]] = [(key,) for key in record]
        for part in ("userIdentity", "tlsDetails", "addendum", "insightDetails"):
            if isinstance(record.get(part), dict):
                paths += [(part, key) for key in record[part]]
        context = record["userIdentity"].get("sessionContext") if isinstance(record.get("userIdentity"), dict) else None
        paths += [("userIdentity", "sessionContext", key) for key in context or ()]
        unknown |= {path for path in paths if kind_of(path) is None}
    assert unknown == odd
