"""What a call does to its resource, told by the first word of its name."""

from collections.abc import Mapping

from trailbell.record import ResourceRole

_VERBS: Mapping[ResourceRole, str] = {
    "created": "Create Run Allocate Import Restore Copy Launch Request Purchase Upload Add Register Publish Start Issue",
    "deleted": "Delete Terminate Deregister Release Purge Cancel Remove Schedule Leave",
    "used": "Get List Describe Lookup Search Head Batch Query Scan Test Validate Preview Check View Generate Decrypt "
    "Encrypt Sign Verify Assume Switch Console",
}
_ROLE_OF: Mapping[str, ResourceRole] = {verb: role for role, verbs in _VERBS.items() for verb in verbs.split()}
_EXCEPTIONS: Mapping[str, ResourceRole] = {
    "StartInstances": "changed",
    "StartLogging": "changed",
    "StartDBInstance": "changed",
    "StartConfigurationRecorder": "changed",
    "StartSession": "used",
    "StartQueryExecution": "used",
    "AddUserToGroup": "changed",
    "AddRoleToInstanceProfile": "changed",
    "RemoveUserFromGroup": "changed",
    "RemoveRoleFromInstanceProfile": "changed",
    "AddPermission": "changed",
    "RemovePermission": "changed",
    "AddTags": "changed",
    "RemoveTags": "changed",
    "CreateTags": "changed",
    "DeleteTags": "changed",
    "CreateRoute": "changed",
    "DeleteRoute": "changed",
    "CreateNetworkAclEntry": "changed",
    "DeleteNetworkAclEntry": "changed",
    "CreateLoginProfile": "changed",
    "DeleteLoginProfile": "changed",
    "CreatePolicyVersion": "changed",
    "DeletePolicyVersion": "changed",
    "DeleteUserPolicy": "changed",
    "DeleteRolePolicy": "changed",
    "DeleteGroupPolicy": "changed",
    "DeleteBucketPolicy": "changed",
    "DeleteBucketEncryption": "changed",
    "DeleteBucketLifecycle": "changed",
    "DeletePublicAccessBlock": "changed",
    "DeleteBucketPublicAccessBlock": "changed",
    "ScheduleKeyDeletion": "deleted",
    "CancelKeyDeletion": "changed",
    "RegisterInstancesWithLoadBalancer": "changed",
    "RegisterTargets": "changed",
    "DeregisterTargets": "changed",
    "CreateGrant": "changed",
    "CreateAccountAlias": "created",
}
"""Events whose first word misleads."""


def role_of(event_name: str) -> ResourceRole:
    """Return what the call does; whatever is not listed changes something."""
    if event_name in _EXCEPTIONS:
        return _EXCEPTIONS[event_name]
    for length in range(1, len(event_name) + 1):
        if length == len(event_name) or event_name[length].isupper():
            return _ROLE_OF.get(event_name[:length], "changed")
    return "changed"
