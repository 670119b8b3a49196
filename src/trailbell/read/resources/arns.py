"""Resource types by ARN.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

ARN_TYPES: Mapping[str, Mapping[str, str]] = {
    "acm": {"certificate": "AWS::CertificateManager::Certificate"},
    "apigateway": {"": "AWS::ApiGateway::RestApi"},
    "athena": {"workgroup": "AWS::Athena::WorkGroup"},
    "autoscaling": {"autoScalingGroup": "AWS::AutoScaling::AutoScalingGroup"},
    "backup": {"backup-vault": "AWS::Backup::BackupVault", "backup-plan": "AWS::Backup::BackupPlan"},
    "bedrock": {"agent": "AWS::Bedrock::Agent", "guardrail": "AWS::Bedrock::Guardrail"},
    "cloudformation": {"stack": "AWS::CloudFormation::Stack", "stackset": "AWS::CloudFormation::StackSet"},
    "cloudfront": {"distribution": "AWS::CloudFront::Distribution"},
    "cloudtrail": {"trail": "AWS::CloudTrail::Trail", "eventdatastore": "AWS::CloudTrail::EventDataStore"},
    "cloudwatch": {"alarm": "AWS::CloudWatch::Alarm", "dashboard": "AWS::CloudWatch::Dashboard"},
    "codebuild": {"project": "AWS::CodeBuild::Project"},
    "cognito-idp": {"userpool": "AWS::Cognito::UserPool"},
    "dynamodb": {"table": "AWS::DynamoDB::Table"},
    "ec2": {
        "instance": "AWS::EC2::Instance", "security-group": "AWS::EC2::SecurityGroup", "volume": "AWS::EC2::Volume",
        "vpc": "AWS::EC2::VPC", "subnet": "AWS::EC2::Subnet", "snapshot": "AWS::EC2::Snapshot", "image": "AWS::EC2::Ami",
        "network-interface": "AWS::EC2::NetworkInterface", "key-pair": "AWS::EC2::KeyPair",
        "route-table": "AWS::EC2::RouteTable", "internet-gateway": "AWS::EC2::InternetGateway",
        "natgateway": "AWS::EC2::NatGateway", "network-acl": "AWS::EC2::NetworkAcl",
        "vpc-endpoint": "AWS::EC2::VPCEndpoint", "launch-template": "AWS::EC2::LaunchTemplate",
    },
    "ecr": {"repository": "AWS::ECR::Repository"},
    "ecs": {
        "cluster": "AWS::ECS::Cluster", "service": "AWS::ECS::Service", "task-definition": "AWS::ECS::TaskDefinition",
        "task": "AWS::ECS::Task",
    },
    "eks": {"cluster": "AWS::EKS::Cluster", "nodegroup": "AWS::EKS::Nodegroup", "addon": "AWS::EKS::Addon"},
    "elasticfilesystem": {"file-system": "AWS::EFS::FileSystem"},
    "elasticloadbalancing": {
        "loadbalancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "targetgroup": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "listener": "AWS::ElasticLoadBalancingV2::Listener",
    },
    "events": {"rule": "AWS::Events::Rule", "event-bus": "AWS::Events::EventBus"},
    "firehose": {"deliverystream": "AWS::KinesisFirehose::DeliveryStream"},
    "glue": {"database": "AWS::Glue::Database", "table": "AWS::Glue::Table", "job": "AWS::Glue::Job"},
    "guardduty": {"detector": "AWS::GuardDuty::Detector"},
    "iam": {
        "user": "AWS::IAM::User", "role": "AWS::IAM::Role", "group": "AWS::IAM::Group",
        "policy": "AWS::IAM::ManagedPolicy", "instance-profile": "AWS::IAM::InstanceProfile",
        "mfa": "AWS::IAM::VirtualMFADevice", "saml-provider": "AWS::IAM::SAMLProvider",
        "oidc-provider": "AWS::IAM::OIDCProvider", "server-certificate": "AWS::IAM::ServerCertificate",
    },
    "kinesis": {"stream": "AWS::Kinesis::Stream"},
    "kms": {"key": "AWS::KMS::Key", "alias": "AWS::KMS::Alias"},
    "lambda": {"function": "AWS::Lambda::Function", "layer": "AWS::Lambda::LayerVersion",
               "event-source-mapping": "AWS::Lambda::EventSourceMapping"},
    "logs": {"log-group": "AWS::Logs::LogGroup"},
    "organizations": {"account": "AWS::Organizations::Account", "ou": "AWS::Organizations::OrganizationalUnit",
                      "policy": "AWS::Organizations::Policy", "organization": "AWS::Organizations::Organization"},
    "ram": {"resource-share": "AWS::RAM::ResourceShare"},
    "rds": {
        "db": "AWS::RDS::DBInstance", "cluster": "AWS::RDS::DBCluster", "snapshot": "AWS::RDS::DBSnapshot",
        "cluster-snapshot": "AWS::RDS::DBClusterSnapshot", "subgrp": "AWS::RDS::DBSubnetGroup",
        "pg": "AWS::RDS::DBParameterGroup",
    },
    "redshift": {"cluster": "AWS::Redshift::Cluster"},
    "rolesanywhere": {"trust-anchor": "AWS::RolesAnywhere::TrustAnchor", "profile": "AWS::RolesAnywhere::Profile"},
    "route53": {"hostedzone": "AWS::Route53::HostedZone"},
    "s3": {"": "AWS::S3::Bucket"},
    "sagemaker": {"notebook-instance": "AWS::SageMaker::NotebookInstance", "endpoint": "AWS::SageMaker::Endpoint"},
    "scheduler": {"schedule": "AWS::Scheduler::Schedule"},
    "secretsmanager": {"secret": "AWS::SecretsManager::Secret"},
    "sns": {"": "AWS::SNS::Topic"},
    "sqs": {"": "AWS::SQS::Queue"},
    "ssm": {"parameter": "AWS::SSM::Parameter", "document": "AWS::SSM::Document"},
    "sso": {"permissionSet": "AWS::SSO::PermissionSet", "instance": "AWS::SSO::Instance"},
    "states": {"stateMachine": "AWS::StepFunctions::StateMachine"},
    "wafv2": {"regional": "AWS::WAFv2::WebACL", "global": "AWS::WAFv2::WebACL"},
}  # fmt: skip
"""Service of the ARN -> kind in its resource part -> type; the empty kind is for ARNs without one."""

ARN_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn:
    """An ARN, taken apart."""

    type: str
    """Empty where the kind is not listed."""
    id: str
    service: str


def parse_arn(value: str) -> Arn | None:
    """Return the type and the id that an ARN holds; None for what is no ARN of a resource."""
    parts = value.split(":", ARN_PARTS - 1)
    if len(parts) != ARN_PARTS or parts[0] != "arn" or not parts[5] or "*" in value:
        return None
    service, resource = parts[2], parts[5]
    types = ARN_TYPES.get(service, {})
    if "" in types:
        # S3 objects and SNS subscriptions stand for their bucket and topic.
        return Arn(type=types[""], id=_plain(service, resource), service=service)
    kind, separator, rest = _split(resource)
    if service == "ssm" and kind == "parameter":
        rest = f"/{rest}" if "/" in rest else rest
    if service in {"iam", "sts"}:
        rest = rest.rpartition("/")[2]
    if service == "logs":
        rest = rest.removesuffix(":*").partition(":log-stream")[0]
    if service == "secretsmanager" and len(rest) > 7 and rest[-7] == "-":  # noqa: PLR2004 - a dash and six random characters
        rest = rest[:-7]
    if service in {"lambda", "ecs"} and separator == ":":
        rest = rest.partition(":")[0] if service == "lambda" else rest
    return Arn(type=types.get(kind, ""), id=rest or value, service=service)


def _plain(service: str, resource: str) -> str:
    return resource.partition("/")[0] if service == "s3" else resource.partition(":")[0].rpartition("/")[2] or resource


def _split(resource: str) -> tuple[str, str, str]:
    """Split at the first of `/` and `:`, where the kind ends."""
    for index, character in enumerate(resource):
        if character in "/:":
            return resource[:index], character, resource[index + 1 :]
    return resource, "", ""
