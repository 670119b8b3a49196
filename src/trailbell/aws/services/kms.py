"""KMS: `kms.amazonaws.com`."""

from trailbell.aws.phrases import name_trusted
from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip
from trailbell.call.policies import read_statements


def put_key_policy(call: Call) -> str | None:
    """Tell whom a key's policy lets use it."""
    key = call.value("keyId")
    trusted = name_trusted(call, read_statements({"policy": call.value("policy")}))
    return f"let {trusted} use key {clip(key)} by its policy" if key and trusted else None


def schedule_key_deletion(call: Call) -> str | None:
    """Tell when a key will be gone."""
    key, days = call.value("keyId"), call.value("pendingWindowInDays")
    return f"schedule the deletion of key {clip(key)}{f' in {days} days' if days else ''}" if key else None


SERVICE = Service(
    source="kms",
    name="KMS",
    members={
        "AWS::KMS::Key": "keyid targetkeyid",
        "AWS::KMS::Alias": "aliasname",
    },
    arn_types={
        "key": "AWS::KMS::Key",
        "alias": "AWS::KMS::Alias",
    },
    roles={
        "ScheduleKeyDeletion": "deleted",
        "CancelKeyDeletion": "changed",
    },
    pages={"AWS::KMS::Key": "kms/home?region={region}#/kms/keys/{id}"},
    sentences={
        "CreateKey": "create key {>keyMetadata.keyId}",
        "DisableKey": "disable key {#keyId}",
        "EnableKey": "enable key {#keyId}",
        "CancelKeyDeletion": "cancel the deletion of key {#keyId}",
        "CreateGrant": "give {#granteePrincipal} a grant on key {#keyId}",
        "PutKeyPolicy": put_key_policy,
        "ScheduleKeyDeletion": schedule_key_deletion,
    },
    undo={
        "DisableKey": "kms enable-key --key-id {keyId}",
        "DisableKeyRotation": "kms enable-key-rotation --key-id {keyId}",
    },
)
