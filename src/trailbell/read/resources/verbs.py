"""What a call does to its resource, told by the first word of its name."""

from collections.abc import Mapping

from trailbell.record import ResourceRole

_VERBS: Mapping[ResourceRole, str] = {
    "created": "Create Run Allocate Import Restore Copy Launch Request Purchase Upload Add Register Publish Start "
    "Issue",
    "deleted": "Delete Terminate Deregister Release Purge Cancel Remove Schedule Leave",
    "used": "Get List Describe Lookup Search Head Batch Query Scan Test Validate Preview Check View Generate Decrypt "
    "Encrypt Sign Verify Assume Switch Console",
}
_ROLE_OF: Mapping[str, ResourceRole] = {verb: role for role, verbs in _VERBS.items() for verb in verbs.split()}
_EXCEPTIONS: Mapping[str, ResourceRole] = {
    "StartSession": "used",
    "AddPermission": "changed",
    "RemovePermission": "changed",
    "AddTags": "changed",
    "RemoveTags": "changed",
    "CreateTags": "changed",
    "DeleteTags": "changed",
    "CreateRoute": "changed",
    "DeleteRoute": "changed",
    "CreatePolicyVersion": "changed",
    "DeletePolicyVersion": "changed",
    "RegisterTargets": "changed",
    "DeregisterTargets": "changed",
    "CreateGrant": "changed",
}
"""Events of several services whose first word misleads; those of one stand in its file (`Service.roles`)."""


def role_of(event_name: str, roles: Mapping[str, ResourceRole]) -> ResourceRole:
    """Return what the call does, by the service's own roles first; whatever is not listed changes something."""
    known = roles.get(event_name) or _EXCEPTIONS.get(event_name)
    if known:
        return known
    for length in range(1, len(event_name) + 1):
        if length == len(event_name) or event_name[length].isupper():
            return _ROLE_OF.get(event_name[:length], "changed")
    return "changed"
