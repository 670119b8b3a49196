"""An alert as a finding of AWS Security Hub, in the AWS Security Finding Format (ASFF).

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from trailbell.alert import Alert
from trailbell.formats.document import iso, links
from trailbell.rule import Severity
from trailbell.words import view
from trailbell.words.clean import clip, quote, visible

MAX_TITLE = 256
MAX_DESCRIPTION = 1024
MAX_RESOURCES = 32
MAX_RECOMMENDATION = 512
MAX_PRODUCT_FIELD = 2048
MAX_ID = 512
MAX_REGION = 64
LABELS: Mapping[Severity, str] = {
    "critical": "CRITICAL",
    "high": "HIGH",
    "medium": "MEDIUM",
    "low": "LOW",
    "info": "INFORMATIONAL",
}
_KNOWN_RESOURCES = """
    AmazonMqBroker ApiGatewayRestApi ApiGatewayStage ApiGatewayV2Api ApiGatewayV2Stage AppSyncGraphQlApi
    AthenaWorkGroup AutoScalingAutoScalingGroup AutoScalingLaunchConfiguration BackupBackupPlan
    BackupBackupVault BackupRecoveryPoint CertificateManagerCertificate CloudFormationStack
    CloudFrontDistribution CloudTrailTrail CloudWatchAlarm CodeBuildProject DmsEndpoint DmsReplicationInstance
    DmsReplicationTask DynamoDbTable Ec2ClientVpnEndpoint Ec2Eip Ec2Instance Ec2LaunchTemplate Ec2NetworkAcl
    Ec2NetworkInterface Ec2RouteTable Ec2SecurityGroup Ec2Subnet Ec2TransitGateway Ec2Volume Ec2Vpc
    Ec2VpcEndpointService Ec2VpcPeeringConnection Ec2VpnConnection EcrContainerImage EcrRepository EcsCluster
    EcsContainer EcsService EcsTask EcsTaskDefinition EfsAccessPoint EksCluster ElasticBeanstalkEnvironment
    ElasticsearchDomain ElbLoadBalancer Elbv2LoadBalancer EventSchemasRegistry EventsEndpoint EventsEventbus
    GuardDutyDetector IamAccessKey IamGroup IamPolicy IamRole IamUser KinesisStream KmsKey LambdaFunction
    LambdaLayerVersion MskCluster NetworkFirewallFirewall NetworkFirewallFirewallPolicy
    NetworkFirewallRuleGroup OpenSearchServiceDomain RdsDbCluster RdsDbClusterSnapshot RdsDbInstance
    RdsDbSecurityGroup RdsDbSnapshot RdsEventSubscription RedshiftCluster Route53HostedZone S3AccessPoint
    S3AccountPublicAccessBlock S3Bucket S3Object SageMakerNotebookInstance SecretsManagerSecret SnsTopic
    SqsQueue SsmPatchCompliance StepFunctionStateMachine WafRateBasedRule WafRegionalRateBasedRule
    WafRegionalRule WafRegionalRuleGroup WafRegionalWebAcl WafRule WafRuleGroup WafWebAcl Wafv2RuleGroup
    Wafv2WebAcl XrayEncryptionConfig
    """
"""The AWS resources that Security Hub knows by type; every other one is `Other`.

https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html
"""
RESOURCE_TYPES = {f"aws{name.lower()}": f"Aws{name}" for name in _KNOWN_RESOURCES.split()}
ATTACK_TYPE = "TTPs"
DEFAULT_TYPE = "Unusual Behaviors"


def finding(alert: Alert, *, account_id: str, region: str, partition: str = "aws") -> dict[str, Any]:
    """Return the finding to import into the Security Hub of the account and region that Trailbell runs in.

    Security Hub takes findings of one's own only in the name of the account that sends them, so `AwsAccountId` is that
    one; the account of the event stands with the resources and in `ProductFields`.
    """
    source = links(alert).get("event")
    return {
        "SchemaVersion": "2018-10-08",
        "Id": clip(visible(alert.id), MAX_ID),
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account_id}:product/{account_id}/default",
        "GeneratorId": clip(f"trailbell/{visible(alert.rule.id)}", MAX_ID),
        "AwsAccountId": account_id,
        "Types": [_type(alert)],
        "FirstObservedAt": iso(alert.event.time),
        "CreatedAt": iso(alert.event.time),
        "UpdatedAt": iso(alert.alerted_at),
        "Severity": {"Label": LABELS[alert.severity]},
        "Title": clip(("TEST: " if alert.test else "") + view.title(alert), MAX_TITLE),
        "Description": clip(view.summary(alert) or view.title(alert), MAX_DESCRIPTION),
        **({"SourceUrl": source} if source else {}),
        **_remediation(alert),
        "ProductFields": dict(_product_fields(alert)),
        "Resources": _resources(alert),
        "Action": {"ActionType": "AWS_API_CALL", "AwsApiCallAction": _call(alert)},
        "RecordState": "ACTIVE",
    }


def _type(alert: Alert) -> str:
    """Return the finding's type: rules on techniques of MITRE ATT&CK tell of tactics, techniques and procedures."""
    return ATTACK_TYPE if any(tag.startswith("attack.") for tag in alert.rule.tags) else DEFAULT_TYPE


def _remediation(alert: Alert) -> dict[str, Any]:
    page = links(alert).get("runbook")
    steps = view.runbook_steps(alert)
    found = {"Text": clip(steps, MAX_RECOMMENDATION)} if steps else {"Url": page} if page else None
    return {"Remediation": {"Recommendation": found}} if found else {}


def _product_fields(alert: Alert) -> Iterator[tuple[str, str]]:
    said = {
        "aws/securityhub/ProductName": "Trailbell",
        "aws/securityhub/CompanyName": "Trailbell",
        "trailbell/rule": visible(alert.rule.id),
        "trailbell/attack": " ".join(
            tag.removeprefix("attack.").upper() for tag in alert.rule.tags if tag.startswith("attack.")
        ),
        "trailbell/config": visible(alert.config_version),
        "trailbell/eventId": quote(alert.event.id, view.MAX_VALUE),
        "trailbell/requestId": quote(alert.event.request_id or "", view.MAX_VALUE),
        "trailbell/account": quote(alert.event.account_id, view.MAX_VALUE),
        "trailbell/region": quote(alert.event.region, view.MAX_VALUE),
        "trailbell/principal": quote(alert.principal.arn or alert.principal.display, MAX_PRODUCT_FIELD),
        "trailbell/test": "true" if alert.test else "",
    }
    said |= {f"trailbell/{line.label.lower()}": ", ".join((line.value, *line.details)) for line in view.lines(alert)}
    yield from ((name, clip(value, MAX_PRODUCT_FIELD)) for name, value in said.items() if value)


def _resources(alert: Alert) -> list[dict[str, Any]]:
    """Return the call's resources; a finding needs one, so a call without any is about its account."""
    event = alert.event
    region = quote(event.region, MAX_REGION)
    place = {"Partition": event.partition, **({"Region": region} if region else {})}
    found = [
        {"Type": _resource_type(item.type), "Id": clip(visible(item.arn or item.id), MAX_ID), **place}
        for item in alert.resources[:MAX_RESOURCES]
    ]
    return found or [{"Type": "AwsAccount", "Id": f"AWS::::Account:{visible(event.account_id) or 'unknown'}", **place}]


def _resource_type(name: str) -> str:
    """Return Security Hub's name of a CloudFormation type: `AWS::RDS::DBInstance` is `AwsRdsDbInstance`."""
    return RESOURCE_TYPES.get(name.replace("::", "").lower(), "Other")


def _call(alert: Alert) -> dict[str, Any]:
    event, address = alert.event, alert.origin.address or ""
    call: dict[str, Any] = {
        "Api": quote(event.name, view.MAX_VALUE),
        "ServiceName": quote(event.source, view.MAX_VALUE),
        "FirstSeen": iso(event.time),
        "LastSeen": iso(event.time),
    }
    try:
        version = ip_address(address).version
    except ValueError:
        return call | (
            {"CallerType": "domain", "DomainDetails": {"Domain": quote(address, view.MAX_VALUE)}} if address else {}
        )
    # ASFF has a field for IPv4 addresses alone; an IPv6 one stands in ProductFields.
    return call | ({"CallerType": "remoteIp", "RemoteIpDetails": {"IpAddressV4": address}} if version == 4 else {})  # noqa: PLR2004
