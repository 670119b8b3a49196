"""Lists what is in the local AWS, so that tests see what a stack leaves behind."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from localaws.ministack import MiniStack

Thing = tuple[str, str, str]
"""Region, kind, name."""
GONE = ("DELETE_COMPLETE",)


def inventory(aws: MiniStack, regions: Sequence[str]) -> set[Thing]:
    """Return all that the account has in these regions, of the kinds that Trailbell and its stacks are made of."""
    found: set[Thing] = set()
    for region in regions:
        for kind, (service, lister) in _KINDS.items():
            found |= {(region, kind, name) for name in lister(aws.client(service, region))}
    for kind, (service, lister) in _GLOBAL_KINDS.items():
        found |= {("", kind, name) for name in lister(aws.client(service))}
    return found


def _paged(operation: str, items: str, name: str | None = None) -> Callable[[Any], Iterator[str]]:
    """Return a lister: the names of the items of all pages."""

    def names(client: Any) -> Iterator[str]:
        for page in client.get_paginator(operation).paginate():
            for item in page.get(items, []):
                yield item if name is None else item[name]

    return names


def _stacks(client: Any) -> Iterator[str]:
    for page in client.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if stack["StackStatus"] not in GONE:
                yield f"{stack['StackName']} {stack['StackStatus']}"


def _rules(client: Any) -> Iterator[str]:
    for bus in client.list_event_buses()["EventBuses"]:
        for page in client.get_paginator("list_rules").paginate(EventBusName=bus["Name"]):
            yield from (f"{bus['Name']} {rule['Name']}" for rule in page["Rules"])


def _alarms(client: Any) -> Iterator[str]:
    for page in client.get_paginator("describe_alarms").paginate():
        yield from (alarm["AlarmName"] for kind in ("MetricAlarms", "CompositeAlarms") for alarm in page.get(kind, []))


def _keys(client: Any) -> Iterator[str]:
    """Yield the keys, but for those that are about to go: none is deleted at once."""
    for page in client.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            told = client.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if told["KeyState"] != "PendingDeletion" and told.get("KeyManager") != "AWS":
                yield key["KeyId"]


def _queries(client: Any) -> Iterator[str]:
    yield from (query["name"] for query in client.describe_query_definitions()["queryDefinitions"])


_KINDS: dict[str, tuple[str, Callable[[Any], Iterator[str]]]] = {
    "stack": ("cloudformation", _stacks),
    "function": ("lambda", _paged("list_functions", "Functions", "FunctionName")),
    "event source mapping": ("lambda", _paged("list_event_source_mappings", "EventSourceMappings", "UUID")),
    "rule": ("events", _rules),
    "schedule": ("scheduler", _paged("list_schedules", "Schedules", "Name")),
    "queue": ("sqs", _paged("list_queues", "QueueUrls")),
    "topic": ("sns", _paged("list_topics", "Topics", "TopicArn")),
    "subscription": ("sns", _paged("list_subscriptions", "Subscriptions", "SubscriptionArn")),
    "table": ("dynamodb", _paged("list_tables", "TableNames")),
    "secret": ("secretsmanager", _paged("list_secrets", "SecretList", "Name")),
    "log group": ("logs", _paged("describe_log_groups", "logGroups", "logGroupName")),
    "saved query": ("logs", _queries),
    "AppConfig application": ("appconfig", _paged("list_applications", "Items", "Name")),
    "AppConfig strategy": ("appconfig", _paged("list_deployment_strategies", "Items", "Name")),
    "alarm": ("cloudwatch", _alarms),
    "dashboard": ("cloudwatch", _paged("list_dashboards", "DashboardEntries", "DashboardName")),
    "key": ("kms", _keys),
    "trail": ("cloudtrail", _paged("list_trails", "Trails", "TrailARN")),
}
"""Kind -> boto3's name of its service, and what lists it."""
_GLOBAL_KINDS: dict[str, tuple[str, Callable[[Any], Iterator[str]]]] = {
    "role": ("iam", _paged("list_roles", "Roles", "RoleName")),
    "managed policy": ("iam", _paged("list_policies", "Policies", "PolicyName")),
    "bucket": ("s3", _paged("list_buckets", "Buckets", "Name")),
}
