"""The services of AWS: a line each. A service's file is loaded when a record, an ARN, a type or an id names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from trailbell.aws.service import Service


@dataclass(frozen=True, slots=True)
class Line:
    """Where a service stands, and by what else than its event source it is told."""

    file: str | None = None
    """Module in `services`; None for a service of which only the name is known."""
    name: str = ""
    """As people call it, where there is no file that says so."""
    types: str = ""
    """Namespaces in CloudFormation of the types that its file has pages or words for, with spaces between.

    Left out where the namespace is spelled as the event source: `AWS::IAM`.
    """
    arns: str = ""
    """Its name in ARNs, where that is not its event source's."""
    ids: str = ""
    """Prefixes of ids whose shape tells that they are the service's, wherever they stand."""


LINES: Mapping[str, Line] = {
    "access-analyzer": Line("access_analyzer"),
    "account": Line("account"),
    "acm": Line("acm"),
    "acm-pca": Line("acm_pca"),
    "apigateway": Line("apigateway"),
    "appconfig": Line("appconfig"),
    "application-autoscaling": Line("application_autoscaling"),
    "appmesh": Line("appmesh"),
    "apprunner": Line("apprunner"),
    "appsync": Line("appsync"),
    "athena": Line("athena"),
    "autoscaling": Line("autoscaling"),
    "backup": Line("backup"),
    "batch": Line("batch"),
    "bedrock": Line("bedrock"),
    "billingconsole": Line(name="Billing"),
    "budgets": Line(name="Budgets"),
    "cloud9": Line("cloud9"),
    "cloudformation": Line("cloudformation"),
    "cloudfront": Line("cloudfront"),
    "cloudhsm": Line("cloudhsm"),
    "cloudsearch": Line("cloudsearch"),
    "cloudshell": Line("cloudshell"),
    "cloudtrail": Line("cloudtrail"),
    "cloudwatch": Line("cloudwatch"),
    "codebuild": Line("codebuild"),
    "codecommit": Line("codecommit"),
    "codedeploy": Line("codedeploy"),
    "codepipeline": Line("codepipeline"),
    "cognito-identity": Line("cognito_identity"),
    "cognito-idp": Line("cognito_idp", types="Cognito"),
    "config": Line("config"),
    "datasync": Line("datasync"),
    "detective": Line("detective"),
    "dms": Line("dms"),
    "ds": Line("ds"),
    "dynamodb": Line("dynamodb"),
    "ebs": Line("ebs"),
    "ec2": Line(
        "ec2",
        ids="i ami vol snap eni sg subnet vpc rtb rtbassoc eipassoc igw nat acl eipalloc vpce vpce-svc pcx tgw tgw-attach lt fl dopt cgw vgw vpn pl eigw",
    ),
    "ec2-instance-connect": Line("ec2_instance_connect"),
    "ecr": Line("ecr"),
    "ecr-public": Line("ecr_public"),
    "ecs": Line("ecs"),
    "eks": Line("eks"),
    "elasticache": Line("elasticache"),
    "elasticbeanstalk": Line("elasticbeanstalk"),
    "elasticfilesystem": Line("elasticfilesystem", ids="fs fsap"),
    "elasticloadbalancing": Line("elasticloadbalancing"),
    "elasticmapreduce": Line("elasticmapreduce"),
    "es": Line("es"),
    "events": Line("events"),
    "firehose": Line("firehose"),
    "fsx": Line("fsx"),
    "glacier": Line("glacier"),
    "globalaccelerator": Line("globalaccelerator"),
    "glue": Line("glue"),
    "guardduty": Line("guardduty"),
    "health": Line(name="Health"),
    "iam": Line("iam"),
    "identitystore": Line("identitystore"),
    "imagebuilder": Line("imagebuilder"),
    "inspector2": Line("inspector2"),
    "iot": Line("iot"),
    "kafka": Line("kafka"),
    "kinesis": Line("kinesis"),
    "kms": Line("kms"),
    "lakeformation": Line("lakeformation"),
    "lambda": Line("lambda_"),
    "lightsail": Line("lightsail"),
    "logs": Line("logs"),
    "macie2": Line("macie2"),
    "mediastore": Line("mediastore"),
    "monitoring": Line("monitoring", types="CloudWatch", arns="cloudwatch"),
    "mq": Line("mq"),
    "network-firewall": Line("network_firewall"),
    "organizations": Line("organizations"),
    "pipes": Line(name="EventBridge Pipes"),
    "quicksight": Line("quicksight"),
    "ram": Line("ram"),
    "rds": Line("rds"),
    "redshift": Line("redshift"),
    "redshift-serverless": Line("redshift_serverless"),
    "resource-groups": Line(name="Resource Groups"),
    "rolesanywhere": Line("rolesanywhere"),
    "route53": Line("route53"),
    "route53domains": Line("route53domains"),
    "route53resolver": Line("route53resolver"),
    "s3": Line("s3"),
    "s3express": Line("s3express"),
    "sagemaker": Line("sagemaker"),
    "scheduler": Line("scheduler"),
    "secretsmanager": Line("secretsmanager"),
    "securityhub": Line("securityhub"),
    "servicecatalog": Line("servicecatalog"),
    "servicequotas": Line("servicequotas"),
    "ses": Line("ses"),
    "shield": Line("shield"),
    "signin": Line("signin"),
    "sns": Line("sns"),
    "sqs": Line("sqs"),
    "ssm": Line("ssm"),
    "sso": Line("sso"),
    "sso-directory": Line("sso_directory"),
    "states": Line("states", types="StepFunctions"),
    "storagegateway": Line("storagegateway"),
    "sts": Line("sts"),
    "support": Line(name="Support"),
    "tagging": Line(name="Resource Groups Tagging"),
    "transfer": Line("transfer"),
    "trustedadvisor": Line(name="Trusted Advisor"),
    "waf": Line("waf"),
    "waf-regional": Line("waf_regional"),
    "wafv2": Line("wafv2"),
    "workspaces": Line("workspaces"),
}
"""First part of `eventSource` -> the service's line."""

_UNKNOWN = Service(source="", name="an unknown service")
_BY_TYPE = {namespace: source for source, line in LINES.items() for namespace in line.types.split()}
_BY_ARN = {line.arns: source for source, line in LINES.items() if line.arns}
_BY_ID = {prefix: source for source, line in LINES.items() for prefix in line.ids.split()}


def service_of(event_source: str) -> Service:
    """Return the service of an event source; for one that is not listed, one of which nothing is known."""
    return _find(event_source.partition(".")[0])


def service_of_arn(name: str) -> Service:
    """Return the service that an ARN names."""
    return _find(_BY_ARN.get(name, name))


def service_of_type(type_: str) -> Service:
    """Return the service that a CloudFormation type is of."""
    namespace = type_.removeprefix("AWS::").partition("::")[0]
    return _find(_BY_TYPE.get(namespace) or namespace.lower())


def service_of_id(prefix: str) -> Service:
    """Return the service whose ids begin so: `sg`, of EC2."""
    return _find(_BY_ID.get(prefix, ""))


def name_service(event_source: str) -> str:
    """Return the service's name; for one that is not listed, the first part of its event source."""
    first = event_source.partition(".")[0]
    return first if first and first not in LINES else _find(first).name


def _find(source: str) -> Service:
    return _load(source) if source in LINES else _UNKNOWN


@cache
def _load(source: str) -> Service:
    line = LINES[source]
    if line.file is None:
        return Service(source=source, name=line.name)
    service = import_module(f"trailbell.aws.services.{line.file}").SERVICE
    if not isinstance(service, Service):
        raise TypeError(f"SERVICE in trailbell/aws/services/{line.file}.py is no Service.")
    return service
