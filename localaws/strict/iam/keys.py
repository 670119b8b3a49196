"""Which customer keys encrypt what a call is about, and what the caller needs of them."""

from collections.abc import Callable, Mapping

from ministack.services import kms, secretsmanager, sns, sqs

ENCRYPT = ("kms:GenerateDataKey", "kms:Decrypt")
DECRYPT = ("kms:Decrypt",)
NEEDED: Mapping[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    "sns:Publish": ENCRYPT,
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    "sqs:SendMessage": ENCRYPT,
    "sqs:ReceiveMessage": DECRYPT,
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    "secretsmanager:GetSecretValue": DECRYPT,
    "secretsmanager:PutSecretValue": ENCRYPT,
}
"""By action: what must be allowed on the key of an encrypted resource."""


def key_arn(action: str, arn: str) -> str | None:
    """Return the customer key that encrypts a topic, queue or secret; None for none or one of AWS's own."""
    if action not in NEEDED:
        return None
    key = str(_KEYS[action.partition(":")[0]](arn) or "")
    if not key or key.rpartition(":")[2].startswith("alias/aws/"):
        return None
    record = kms._resolve_key(key)
    return str(record["Arn"]) if record else key


def _of_topic(arn: str) -> str | None:
    return ((sns._topic_by_arn_any_scope(arn) or {}).get("attributes") or {}).get("KmsMasterKeyId")


def _of_queue(arn: str) -> str | None:
    return ((sqs._queue_by_arn(arn) or {}).get("attributes") or {}).get("KmsMasterKeyId")


def _of_secret(arn: str) -> str | None:
    return (secretsmanager._resolve(arn)[1] or {}).get("KmsKeyId")


_KEYS: Mapping[str, Callable[[str], str | None]] = {"sns": _of_topic, "sqs": _of_queue, "secretsmanager": _of_secret}
