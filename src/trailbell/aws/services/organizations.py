"""Organizations: `organizations.amazonaws.com`."""

from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip
from trailbell.call.policies import parse_document


def update_policy(call: Call) -> str | None:
    """Tell the name of a changed organization policy."""
    document = parse_document(call.value("content") or "")
    name = call.first("name", "policyId")
    return f"change organization policy {clip(name)}{'' if document is None else ' and its content'}" if name else None


SERVICE = Service(
    source="organizations",
    name="Organizations",
    members={
        "AWS::Organizations::Account": "accountid",
        "AWS::Organizations::Policy": "policyid",
        "AWS::Organizations::OrganizationalUnit": "organizationalunitid destinationparentid sourceparentid",
        "AWS::Organizations::Root": "rootid",
        "AWS::Organizations::Handshake": "handshakeid",
    },
    arn_types={
        "account": "AWS::Organizations::Account",
        "ou": "AWS::Organizations::OrganizationalUnit",
        "policy": "AWS::Organizations::Policy",
        "organization": "AWS::Organizations::Organization",
    },
    without_resource={"LeaveOrganization": "it is about the account that calls"},
    sentences={
        "LeaveOrganization": "take this account out of its organization",
        "RemoveAccountFromOrganization": "remove account {accountId} from the organization",
        "CreateAccount": "create account {accountName}",
        "InviteAccountToOrganization": "invite account {target.id} into the organization",
        "DetachPolicy": "detach policy {policyId} from {targetId}",
        "AttachPolicy": "attach policy {policyId} to {targetId}",
        "DeletePolicy": "delete policy {policyId}",
        "DeleteOrganization": "delete the organization",
        "UpdatePolicy": update_policy,
    },
    undo={
        "AttachPolicy": "organizations detach-policy --policy-id {policyId} --target-id {targetId}",
        "DetachPolicy": "organizations attach-policy --policy-id {policyId} --target-id {targetId}",
    },
)
