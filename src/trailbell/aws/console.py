"""Links into the AWS console, of the partition that the record comes from.

Every part that comes from a record is percent-encoded: it can neither leave its place in the link nor change the host.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

_HOSTS = {
    "aws": "{region}.console.aws.amazon.com",
    "aws-cn": "{region}.console.amazonaws.cn",
    "aws-us-gov": "{region}.console.amazonaws-us-gov.com",
}
_GLOBAL_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_STEPS = frozenset({".", ".."})
"""What a browser takes for a step in the path, encoded or not."""
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}")
_EC2_PAGES = {
    "AWS::EC2::Instance": "InstanceDetails:instanceId={id}",
    "AWS::EC2::NetworkInterface": "NetworkInterface:networkInterfaceId={id}",
    "AWS::EC2::Ami": "ImageDetails:imageId={id}",
    "AWS::EC2::KeyPair": "KeyPairs:search={id}",
    "AWS::EC2::SecurityGroup": "SecurityGroup:groupId={id}",
    "AWS::EC2::Volume": "VolumeDetails:volumeId={id}",
    "AWS::EC2::Snapshot": "SnapshotDetails:snapshotId={id}",
    "AWS::EC2::EIP": "ElasticIpDetails:AllocationId={id}",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateDetails:launchTemplateId={id}",
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupDetails:id={id}",
}
_VPC_PAGES = {
    "AWS::EC2::Subnet": "SubnetDetails:subnetId={id}",
    "AWS::EC2::VPC": "VpcDetails:VpcId={id}",
    "AWS::EC2::InternetGateway": "InternetGateway:internetGatewayId={id}",
    "AWS::EC2::NatGateway": "NatGatewayDetails:natGatewayId={id}",
    "AWS::EC2::RouteTable": "RouteTableDetails:RouteTableId={id}",
    "AWS::EC2::NetworkAcl": "NetworkAclDetails:networkAclId={id}",
    "AWS::EC2::VPCEndpoint": "EndpointDetails:vpcEndpointId={id}",
    "AWS::EC2::VPCPeeringConnection": "PeeringConnectionDetails:VpcPeeringConnectionId={id}",
    "AWS::EC2::TransitGateway": "TransitGatewayDetails:transitGatewayId={id}",
    "AWS::EC2::FlowLog": "vpcs:flowLogId={id}",
}
_GLOBAL_PAGES = {
    "AWS::IAM::User": "iam/home#/users/details/{id}",
    "AWS::IAM::Role": "iam/home#/roles/details/{id}",
    "AWS::IAM::Group": "iam/home#/groups/details/{id}",
    "AWS::IAM::ManagedPolicy": "iam/home#/policies/details/{arn}",
    "AWS::IAM::SAMLProvider": "iam/home#/identity_providers/details/SAML/{arn}",
    "AWS::IAM::OIDCProvider": "iam/home#/identity_providers/details/OPENID/{arn}",
    "AWS::Route53::HostedZone": "route53/v2/hostedzones#ListRecordSets/{id}",
    "AWS::CloudFront::Distribution": "cloudfront/v4/home#/distributions/{id}",
}
_REGIONAL_PAGES = {
    "AWS::S3::Bucket": "s3/buckets/{id}?region={region}",
    "AWS::Lambda::Function": "lambda/home?region={region}#/functions/{id}",
    "AWS::RDS::DBInstance": "rds/home?region={region}#database:id={id}",
    "AWS::RDS::DBCluster": "rds/home?region={region}#database:id={id};is-cluster=true",
    "AWS::RDS::DBSnapshot": "rds/home?region={region}#db-snapshot:id={id}",
    "AWS::DynamoDB::Table": "dynamodbv2/home?region={region}#table?name={id}",
    "AWS::KMS::Key": "kms/home?region={region}#/kms/keys/{id}",
    "AWS::SecretsManager::Secret": "secretsmanager/secret?name={id}&region={region}",
    "AWS::SSM::Parameter": "systems-manager/parameters/{id}/description?region={region}",
    "AWS::CloudTrail::Trail": "cloudtrailv2/home?region={region}#/trails",
    "AWS::CloudFormation::Stack": "cloudformation/home?region={region}#/stacks/stackinfo?stackId={arn}",
    "AWS::SNS::Topic": "sns/v3/home?region={region}#/topic/{arn}",
    "AWS::ECS::Cluster": "ecs/v2/clusters/{id}?region={region}",
    "AWS::EKS::Cluster": "eks/home?region={region}#/clusters/{id}",
    "AWS::ECR::Repository": "ecr/repositories?region={region}",
    "AWS::Logs::LogGroup": "cloudwatch/home?region={region}#logsV2:log-groups/log-group/{id}",
    "AWS::CloudWatch::Alarm": "cloudwatch/home?region={region}#alarmsV2:alarm/{id}",
    "AWS::GuardDuty::Detector": "guardduty/home?region={region}",
    "AWS::StepFunctions::StateMachine": "states/home?region={region}#/statemachines/view/{arn}",
    "AWS::Events::Rule": "events/home?region={region}#/eventbus/default/rules/{id}",
}


def event_url(region: str, event_id: str, partition: str) -> str | None:
    """Return the event's page in CloudTrail's event history; None where the region is none."""
    if not _REGION.fullmatch(region):
        return None
    return f"https://{_host(region, partition)}/cloudtrailv2/home?region={region}#/events/{_encoded(event_id)}"


def resource_url(type_: str, id_: str, *, arn: str | None, region: str, partition: str) -> str | None:
    """Return a resource's page; None for a type without one, or where the page needs what is not known."""
    if not _REGION.fullmatch(region) or id_ in _STEPS or arn in _STEPS:
        return None
    values = {"id": _encoded(id_), "arn": _encoded(arn or "", safe=":"), "region": region}
    for prefix, pages in (("ec2", _EC2_PAGES), ("vpcconsole", _VPC_PAGES)):
        if type_ in pages:
            return f"https://{_host(region, partition)}/{prefix}/home?region={region}#{_fill(pages[type_], values)}"
    if type_ in _GLOBAL_PAGES:
        return _link(_GLOBAL_HOSTS.get(partition, _GLOBAL_HOSTS["aws"]), _GLOBAL_PAGES[type_], values)
    if type_ in _REGIONAL_PAGES:
        return _link(_host(region, partition), _REGIONAL_PAGES[type_], values)
    return None


def _encoded(value: str, *, safe: str = "") -> str:
    """Percent-encode; half a surrogate pair, which JSON may hold and UTF-8 may not, becomes a question mark."""
    return quote(value, safe=safe, errors="replace")


def _host(region: str, partition: str) -> str:
    return _HOSTS.get(partition, _HOSTS["aws"]).format(region=region)


def _link(host: str, page: str, values: Mapping[str, str]) -> str | None:
    if "{arn}" in page and not values["arn"]:
        return None
    return f"https://{host}/{_fill(page, values)}"


def _fill(page: str, values: Mapping[str, str]) -> str:
    return page.format(**values)
