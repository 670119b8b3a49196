"""The facts that a rule may name under the reserved key `trailbell`, and what each means.

`facts.reader.read_facts` works them out of a record; the config check refuses any other name. A fact that a record does
not give is left out, so `{exists: false}` tells it. Lists of objects hold to array consistency, as everywhere in a
pattern.
"""

from collections.abc import Mapping

FACTS: Mapping[str, str] = {
    "event.name": "string: eventName without a version suffix, so UpdateFunctionCode for UpdateFunctionCode20150331v2",
    "event.failed": "boolean: the call had an errorCode or errorMessage",
    "event.error_code": "string: errorCode without Client. or Server. in front",
    "event.denied": "boolean: it failed for want of permission (AccessDenied, UnauthorizedOperation, and their kin)",
    "event.off_hours": "boolean: outside the config's business_hours; left out where none are configured",
    "event.expected_region": (
        "boolean: awsRegion is in the config's expected_regions; left out where none are configured"
    ),
    "principal.display": "string: the principal as alerts name it",
    "principal.kind": "string: human, machine, service or unknown",
    "principal.account_id": "string: the account that the identity belongs to",
    "principal.account_name": "string: what the config's accounts call it",
    "principal.own_account": "boolean: the identity's account is the called one or is in the config's accounts",
    "principal.arn": "string",
    "principal.user_name": "string: the user, or the role of a role session",
    "principal.session_name": "string: the role session's name",
    "principal.session_issuer": "string: ARN of the role or user that issued the session",
    "principal.access_key_id": "string",
    "principal.credentials": "string: long-term or temporary",
    "principal.mfa": "boolean: left out where the record does not say",
    "principal.console": "boolean: made through the AWS console",
    "principal.sso": "boolean: a session of IAM Identity Center",
    "principal.service_linked": "boolean: a session of a service-linked role",
    "principal.instance_id": "string: the EC2 instance whose profile the session is of",
    "principal.invoked_by": "string: the AWS service that called on the principal's behalf",
    "principal.source_identity": "string",
    "principal.delegate_account_id": "string: the product provider to whom the access was delegated for a while",
    "origin.kind": "string: address, service, aws-internal or unknown",
    "origin.network": "string: what the config's networks call the address",
    "origin.private": "boolean: the address is not routed on the internet; left out where it is no address",
    "origin.client": "string: the user agent in a word or two",
    "origin.vpc_endpoint_id": "string",
    "resources.type": "string, for each resource: CloudFormation type name",
    "resources.id": "string, for each resource",
    "resources.arn": "string, for each resource",
    "policy.public": "boolean: a policy in the call grants something to everyone without a condition that narrows who",
    "policy.admin": "boolean: a policy in the call allows every action on every resource",
    "policy.foreign_accounts": (
        "list of strings: accounts that a policy (or attribute) in the call grants to and that are not one's own"
    ),
    "policy.statements.effect": "string, for each statement of each policy document in the call: Allow or Deny",
    "policy.statements.actions": "list of strings, for each statement",
    "policy.statements.resources": "list of strings, for each statement",
    "policy.statements.principals": "list of strings, for each statement: `*`, account ids, ARNs, service names",
    "policy.statements.conditional": "boolean, for each statement: it has a Condition",
    "shared.public": (
        "boolean: the call shares a snapshot, image, bucket or the like with everyone (ACL, attribute or policy)"
    ),
    "shared.accounts": "list of strings: account ids that the call shares something with",
    "opened.protocol": "string, for each opened port range of a security-group change: tcp, udp, icmp or all",
    "opened.from_port": "number, for each opened port range; left out for all ports",
    "opened.to_port": "number, for each opened port range; left out for all ports",
    "opened.cidr": "string, for each opened port range: the CIDR, prefix list or group that it is opened to",
    "opened.world": "boolean, for each opened port range: opened to 0.0.0.0/0 or ::/0",
    "opened.sensitive": "boolean, for each opened port range: it holds a port of remote login or of a database",
    "text.record": "string: the whole record as compact JSON, quotes in texts plain: for words that stand anywhere",
    "text.additional_event_data": "string: additionalEventData as compact JSON; left out where null or empty",
    "text.request_parameters": "string: requestParameters as compact JSON; left out where null or empty",
    "text.resources": "string: resources as compact JSON; left out where null or empty",
    "text.response_elements": "string: responseElements as compact JSON; left out where null or empty",
    "text.service_event_details": "string: serviceEventDetails as compact JSON; left out where null or empty",
    "text.user_identity": "string: userIdentity as compact JSON; left out where null or empty",
}
"""Dotted path below `trailbell` -> type and meaning."""
