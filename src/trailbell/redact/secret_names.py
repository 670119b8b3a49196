"""Tells by the name of a field whether its value is a secret.

Names are compared in lower case and without separators, so `masterUserPassword`, `MASTER_USER_PASSWORD` and
`master.user.password` are one. What the names are comes from AWS's API models, many of whose members are marked
sensitive, and from what people call their own settings.
"""

import re
from functools import lru_cache

_SEPARATORS = re.compile(r"[^a-z0-9]")

_ANYWHERE = re.compile(
    r"password|passwd|passphrase|passcode|privatekey|secretkey|secretaccesskey|secretstring|secretbinary|secretvalue"
    r"|secrethash|secretblock|keymaterial|userdata|connectionstring|connectionurl|jdbcurl|webhookurl|presharedkey|apikey"
    r"|customergatewayconfiguration|stringseed|qrcodepng|securestring|licensekey|samlassertion|basicauth|codeverifier"
    r"|authorizationdata|communitystring|authparameters|challengeresponses|authenticationdata|authenticationmaterial"
    r"|credentialpair|secrettoauthenticate|authresponsevalue"
)
"""Parts that give a name away wherever they stand."""
_AT_THE_END = re.compile(
    r"(?:tokens?|secrets?|credentials?|authorization|assertion|plaintext|signature|cookie|pwd|jwt|otp|totp|seed|pin"
    r"|(?:token|apikey|header|cookie|param|license)value|keydata"
    r"|(?:token|mfa|activation|auth|authorization|authentication|confirmation|verification|device|user|secret|recovery"
    r"|unlock|invite|backup|sms|registration)code\d?"
    r"|(?:access|account|activation|app|appl|application|apps|auth|customer|device|encryption|genapp|host|jwt|mac|master"
    r"|nwk|plaintext|server|session|shared|sign|signing|specific|storage|stream|token|vsan)key)$"
)
"""What a name ends with when the value itself is the secret."""
_WHOLE = frozenset({"keyvalue", "cak", "pfx", "pkcs12", "keystore", "importedpfx", "sslkey", "tlskey"})
_HARMLESS_TOKEN = re.compile(
    r"(?:next|client|request|idempotency|pagination|continuation|change|lock|creation|sequence|page|previous|starting"
    r"|marker|update|updated|version|term|forward|backward|chunk|message|grant|dkim|syntax|pattern|checkpoint|product"
    r"|configuration|task|result|anomaly|http)tokens?$"
)
"""Tokens that page through lists, make a call idempotent or are called no secret by their service."""
_HARMLESS_END = re.compile(
    r"(?:id|ids|arn|arns|name|names|type|policy|age|length|lastused|lastchanged|resetrequired|prevention|enabled|status"
    r"|state|version|versions|date|format|count|expiry|expiration|rotation|validity|alias|region|required|description"
    r"|location|path|url|uri|spec|configuration|config|options|source|usage|provider|units|scopes|jsonkey|stringkey"
    r"|valuefrom|createdat|updatedat|fromconsole|publickey|publickeymaterial|algorithm|encryption|mode|requirements|attributes"
    r"|flags|identifier|summary|summaries|expression|secretsmanagersecret)$"
)
"""What a name ends with when it tells of a secret without holding it: `secretId`, `passwordLastUsed`, `tokenType`."""
_NEVER_HARMLESS = ("connectionurl", "jdbcurl", "webhookurl", "customergatewayconfiguration")
_BUNDLE = re.compile(r"(?:environmentvariables?(?:overrides)?|envvars|environmentoverrides|stagevariables|^variables)$")
_REMEMBERED = 4096
"""Names whose verdict is kept: the same few hundred come in every record."""
_NUMBERS = frozenset({"password", "pin", "otp", "token", "passcode", "tokencode", "mfacode"})


@lru_cache(maxsize=_REMEMBERED)
def flatten(name: object) -> str:
    """Return a name in lower case, without separators."""
    return _SEPARATORS.sub("", str(name).lower())


@lru_cache(maxsize=_REMEMBERED)
def holds_secret(flat: str) -> bool:
    """Tell whether the value of a field of this flat name is a secret."""
    if flat in _WHOLE or flat.endswith(_NEVER_HARMLESS):
        return True
    if _HARMLESS_END.search(flat) or _HARMLESS_TOKEN.search(flat):
        return False
    return bool(_AT_THE_END.search(flat) or _ANYWHERE.search(flat))


@lru_cache(maxsize=_REMEMBERED)
def is_harmless(flat: str) -> bool:
    """Tell whether a field of this flat name is no secret even within something that is: `credentials.accessKeyId`."""
    if flat.endswith(_NEVER_HARMLESS):
        return False
    return bool(_HARMLESS_END.search(flat) or _HARMLESS_TOKEN.search(flat))


@lru_cache(maxsize=_REMEMBERED)
def is_bundle(flat: str) -> bool:
    """Tell whether users keep names and values of their own under this flat name, so that any of them may be secret."""
    return bool(_BUNDLE.search(flat))


def holds_secret_number(flat: str) -> bool:
    """Tell whether even a number under this flat name is a secret."""
    return flat in _NUMBERS
