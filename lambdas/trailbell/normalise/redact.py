"""Takes out of a record whatever is or may be a secret, by the name of its field and by its shape.

CloudTrail itself hides many secrets (`HIDDEN_DUE_TO_SECURITY_REASONS`), but not what services it does not know, what
users put into free text, or the session credentials in a response. Ids stay: of access keys, of secrets, of tokens.
"""

import re
from collections.abc import Mapping
from typing import Any

from trailbell.normalise.values import MAX_DEPTH

REDACTED = "[redacted]"
TOO_DEEP = "[left out: nested too deep]"

_SECRET_NAME = re.compile(
    r"password|passwd|passphrase|passcode|privatekey|secretkey|secretaccesskey|clientsecret|secretstring|secretbinary"
    r"|sharedsecret|secretvalue|(?:session|security|auth|access|refresh|id|bearer|identity|bot|device|api|personal)token"
    r"|token(?:code|value|secret)$|^token$|^secret$|^pwd$|^pin$|^otp$|^jwt$|^key(?:data|value)$|apikey|keymaterial|signingkey"
    r"|encryptionkey$|presharedkey|connectionstring|connectionurl|jdbcurl|userdata|samlassertion|assertion$"
    r"|authorization|authenticationcode|credential(?:s)?$|^plaintext|privatekeyplaintext|cookie|webhookurl|signature$"
    r"|mfacode|verificationcode|confirmationcode|communitystring|licensekey|basicauth"
)
"""Matched against the field's name in lower case, without separators."""
_HARMLESS_ENDING = re.compile(
    r"(?:id|ids|arn|arns|name|names|type|policy|age|length|lastused|lastchanged|resetrequired|prevention|enabled|status"
    r"|state|version|date|format|count|expiry|expiration|rotation|validity|createdate|alias|region|length|required"
    r"|description|location|path|url|uri|spec|configuration|options|source|usage)$"
)
"""Endings of names that tell of a secret without holding it: `secretId`, `passwordLastUsed`, `tokenType`."""
_HARMLESS_NAME = frozenset({"nexttoken", "clienttoken", "clientrequesttoken", "idempotencytoken", "paginationtoken"})
_BUNDLE_NAME = frozenset({"environmentvariables", "variables", "envvars", "environmentoverrides"})
"""Bundles of a user's own names and values: nothing tells which values are secret, so all of them go."""
_NUMERIC_SECRETS = frozenset({"password", "pin", "otp", "token", "passcode"})
_WHOLE_NAME = frozenset({"userdata", "credentials", "credential", "secretstring", "secretbinary", "plaintext"})

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)", re.DOTALL),
     REDACTED),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"), REDACTED),
    (re.compile(r"\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})"), REDACTED),
    (re.compile(r"\bxox[a-z]-[A-Za-z0-9-]{8,}|\bxapp-[A-Za-z0-9-]{8,}"), REDACTED),
    (re.compile(r"(https://hooks\.slack\.com/)[A-Za-z0-9/_-]+"), r"\1" + REDACTED),
    (re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{30,}"), REDACTED),
    (re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[A-Za-z0-9_-]{30,}"), REDACTED),
    (re.compile(r"\b(?:AQoDYXdzE|FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9/+=]{20,}"), REDACTED),
    (re.compile(r"(://[^\s:/@\"']{1,128}:)[^\s/@\"']{1,256}(@)"), r"\1" + REDACTED + r"\2"),
    (re.compile(r"([?&](?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|sig|access_token|token)=)[^&\s\"']+",
                re.IGNORECASE), r"\1" + REDACTED),
    (re.compile(r"\b((?:Bearer|Basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), r"\1" + REDACTED),
    (re.compile(
        r"((?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|account[_-]?key|access[_-]?key|private[_-]?key)"
        r"[A-Za-z0-9_-]{0,32}(?:\\?[\"'])?\s{0,3}(?:=|:(?=[\s\\\"'])|(?<=[\"']):)\s{0,3}(?:\\?[\"'])?)"
        r"(?!(?:AKIA|ASIA|arn:|\[redacted))[^\s\"'&;,\\}]{4,}", re.IGNORECASE), r"\1" + REDACTED),
    (re.compile(r"((?:--|/)(?:password|secret|token|api-key)[ \t]{1,4})[^\s\"']{3,}", re.IGNORECASE), r"\1" + REDACTED),
)  # fmt: skip
_SECRET_ACCESS_KEY = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
"""40 characters of base64, which is what a secret access key is; so is many a hash, so only beside an access key id."""
_ACCESS_KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}")
_SEPARATORS = re.compile(r"[^a-z0-9]")


def redact(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the record without its secrets; the record itself stays as it is."""
    return {key: _redact(key, value, MAX_DEPTH, bundle=False, beside_key=False) for key, value in record.items()}


def _redact(name: object, value: object, depth: int, *, bundle: bool, beside_key: bool) -> Any:
    plain = _SEPARATORS.sub("", str(name).lower())
    if isinstance(value, list | Mapping):
        if depth == 0:
            return TOO_DEEP
        if isinstance(value, list):
            return [_redact(name, item, depth - 1, bundle=bundle, beside_key=beside_key) for item in value]
        return _redact_mapping(plain, value, depth - 1, bundle=bundle)
    if isinstance(value, str):
        secret = bool(value) and (bundle or holds_secret(plain))
        return REDACTED if secret else redact_text(value, beside_key=beside_key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return REDACTED if bundle or plain in _NUMERIC_SECRETS else value
    return value


def _redact_mapping(plain: str, value: Mapping[str, Any], depth: int, *, bundle: bool) -> dict[str, Any]:
    if plain == "userdata":
        return dict.fromkeys(value, REDACTED)
    is_pair = {"name", "value"} <= {str(key).lower() for key in value}
    # ECS lists pairs under `environment`; CodeBuild's `environment` holds the build image and other plain settings.
    inside = bundle or plain in _BUNDLE_NAME or (plain == "environment" and is_pair)
    beside = any(isinstance(item, str) and _ACCESS_KEY_ID.search(item) for item in value.values())
    return {
        key: _redact(
            key,
            item,
            depth,
            # Of {name: DB_HOST, value: ...} the name may stay; of {DB_HOST: ...} it is the key.
            bundle=inside and not (is_pair and str(key).lower() in {"name", "type"}),
            beside_key=beside,
        )
        for key, item in value.items()
    }


def holds_secret(plain_name: str) -> bool:
    """Tell whether a field of this name (lower case, no separators) holds a secret."""
    if plain_name in _HARMLESS_NAME:
        return False
    if plain_name in _WHOLE_NAME or plain_name.endswith(("connectionurl", "jdbcurl", "webhookurl")):
        return True
    return bool(_SECRET_NAME.search(plain_name)) and not _HARMLESS_ENDING.search(plain_name)


def redact_text(value: str, *, beside_key: bool = False) -> str:
    """Return a text without what has the shape of a secret."""
    for shape, replacement in _SHAPES:
        value = shape.sub(replacement, value)
    if beside_key or _ACCESS_KEY_ID.search(value):
        value = _SECRET_ACCESS_KEY.sub(REDACTED, value)
    return value
