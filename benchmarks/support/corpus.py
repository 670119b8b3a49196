"""What the benchmarks run on: records, and rules of a realistic mix."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

from trailbell.operations import is_read_only, load_operations
from trailbell.pattern import Pattern
from trailbell.rule import Rule

ROOT = Path(__file__).resolve().parents[2]
REAL_RECORDS = ROOT / ".." / "shared" / "records" / "records.jsonl.gz"
GENERATED_RECORDS = 4000

SOURCES = (
    *("iam", "ec2", "s3", "kms", "cloudtrail", "sts", "lambda", "rds", "guardduty", "config", "organizations"),
    *("secretsmanager", "ssm", "ecr", "ecs", "eks", "logs", "sns", "sqs", "dynamodb", "route53", "wafv2"),
    *(
        "elasticloadbalancing",
        "events",
        "cloudformation",
        "access-analyzer",
        "securityhub",
        "ses",
        "bedrock",
        "redshift",
    ),
)
"""Services that packs have rules for, without `.amazonaws.com`."""


def read_records() -> tuple[list[bytes], str]:
    """Return records as JSON text, and what they are."""
    if REAL_RECORDS.exists():
        with gzip.open(REAL_RECORDS) as lines:
            records = [line.strip() for line in lines]
        return records, f"{len(records)} real CloudTrail records (`../shared/records`)"
    return [json.dumps(record, separators=(",", ":")).encode() for record in _generate()], "generated records"


def _generate() -> list[dict[str, Any]]:
    """Return records of the shape and size of real ones; most of them read."""
    chance = random.Random(1)
    sources = {source: names for source, names in load_operations().sources.items() if _short(source) in SOURCES}
    records = []
    for number in range(GENERATED_RECORDS):
        source = chance.choice(sorted(sources))
        reads = chance.random() < 0.8  # about the share in real accounts
        names = sorted(name for name in sources[source] if is_read_only(source, name) == reads) or ["Unknown"]
        user = f"user-{number % 40}"
        records.append(
            {
                "eventVersion": "1.11",
                "userIdentity": {
                    "type": chance.choice(["IAMUser", "AssumedRole", "AssumedRole", "AWSService", "Root"]),
                    "principalId": f"AIDAEXAMPLE{number % 40:04}",
                    "arn": f"arn:aws:iam::111122223333:user/{user}",
                    "accountId": "111122223333",
                    "accessKeyId": f"ASIAEXAMPLE{number:06}",
                    "userName": user,
                    "sessionContext": {
                        "attributes": {"mfaAuthenticated": "false", "creationDate": "2026-11-01T08:00:00Z"}
                    },
                },
                "eventTime": "2026-11-01T08:00:00Z",
                "eventSource": source,
                "eventName": chance.choice(names[:30]),
                "awsRegion": chance.choice(["eu-central-1", "us-east-1"]),
                "sourceIPAddress": f"203.0.113.{number % 250}",
                "userAgent": "aws-cli/2.31.0 md/awscrt#0.27.6 os/linux#6.8 lang/python#3.13 cfg/retry-mode#standard",
                "requestParameters": {"name": f"name-{number % 50}", "filterSet": {"items": [{"name": "vpc-id"}]}},
                "responseElements": None,
                "requestID": f"00000000-0000-4000-8000-{number:012}",
                "eventID": f"11111111-0000-4000-8000-{number:012}",
                "readOnly": reads,
                "eventType": "AwsApiCall",
                "managementEvent": True,
                "recipientAccountId": "111122223333",
                "eventCategory": "Management",
                "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
            }
            | ({"errorCode": "AccessDenied", "errorMessage": "not authorized"} if number % 12 == 0 else {})
        )
    return records


def _short(source: str) -> str:
    return source.removesuffix(".amazonaws.com")


def make_rules(count: int) -> list[Rule]:
    """Return rules: 70 % name source and events; the rest a prefix, a source, or neither. Some have an exception."""
    chance = random.Random(count)
    rules = []
    for number in range(count):
        exceptions: list[dict[str, Any]] = (
            [{"userIdentity": {"invokedBy": ["autoscaling.amazonaws.com"]}}] if number % 8 == 0 else []
        )
        exceptions += [{"userIdentity": {"arn": [{"wildcard": f"*:role/ci-{number}"}]}}] if number % 8 == 4 else []
        rules.append(
            Rule(
                id=f"rule-{number}",
                title="a rule",
                severity="low",
                match=Pattern.parse(_make_match(chance, number)),
                exceptions=tuple(map(Pattern.parse, exceptions)),
            )
        )
    return rules


def _make_match(chance: random.Random, number: int) -> dict[str, Any]:
    source = f"{chance.choice(SOURCES)}.amazonaws.com"
    kind = number % 20
    if kind < 14:  # 70 %
        names = sorted(load_operations().sources[source])
        changes = [name for name in names if not is_read_only(source, name)]
        listed = changes if kind < 12 else names  # most are about changes
        match: dict[str, Any] = {"eventSource": [source], "eventName": chance.sample(listed, min(3, len(listed)))}
        return match | _more(kind, number)
    if kind < 17:  # 15 %
        verb = chance.choice(["Delete", "Put", "Create", "Update", "Attach"])
        return {"eventSource": [source], "eventName": [{"prefix": verb}]}
    if kind == 17:  # 5 %
        return {"eventSource": [source], "errorCode": [{"prefix": "AccessDenied"}, {"suffix": "UnauthorizedOperation"}]}
    return _without_key(chance, number)


def _more(kind: int, number: int) -> dict[str, Any]:
    """Return further conditions of a rule that names source and events."""
    return (
        {},
        {"errorCode": [{"exists": False}]},
        {"requestParameters": {"name": [{"prefix": "prod"}]}},
        {"userIdentity": {"type": ["IAMUser", "Root"]}},
        {"errorCode": [{"exists": False}], "requestParameters": {"bucketName": [{"suffix": f"-{number}"}]}},
        {"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": ["false"]}}}},
        {},
    )[kind % 7]


def _without_key(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a rule that names no event source."""
    tool = chance.choice(["kali", "pacu", "parrot", "pentoo", "trufflehog", "cloudfox"])
    return chance.choice(
        [
            {"userIdentity": {"type": ["Root"]}, "eventName": [{"anything-but": [f"Event{number}"]}]},
            {"errorCode": [{"exists": True}], "userAgent": [{"wildcard": f"*{tool}*{number}*"}]},
            {
                "eventName": [{"suffix": "Policy"}],
                "readOnly": [False],
                "sourceIPAddress": [{"cidr": "198.51.100.0/24"}],
            },
            {"awsRegion": [f"ap-south-{number}"], "readOnly": [False]},
            {"userIdentity": {"arn": [f"arn:aws:iam::111122223333:user/honey-{number}"]}},
            {"userIdentity": {"accessKeyId": [f"AKIAHONEYTOKEN{number}"]}},
        ]
    )
