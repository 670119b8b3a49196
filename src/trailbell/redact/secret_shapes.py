"""Tells secrets by their shape, wherever they stand in a text.

Every pattern is linear in the text: repetitions are bounded, or end where the next one could begin.
"""

import re
from typing import NamedTuple

REDACTED = "[redacted]"

_TELLING = (
    r"(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|account[_-]?key|access[_-]?key|private[_-]?key"
    r"|pre[_-]?shared[_-]?key)"
)
_TOKEN_PREFIXES = (
    r"gh[opsur]_[A-Za-z0-9]{20,}", r"github_pat_[A-Za-z0-9_]{20,}",
    r"gl(?:pat|rt|dt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{16,}",
    r"xox[a-z]-[A-Za-z0-9-]{8,}", r"xapp-[A-Za-z0-9-]{8,}", r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}",
    r"sk-[A-Za-z0-9_-]{20,}", r"whsec_[A-Za-z0-9]{16,}", r"AIza[A-Za-z0-9_-]{30,}", r"ya29\.[A-Za-z0-9_-]{20,}",
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}", r"npm_[A-Za-z0-9]{30,}", r"pypi-[A-Za-z0-9_-]{30,}",
    r"rubygems_[0-9a-f]{32,}", r"hf_[A-Za-z0-9]{30,}", r"hv[sbr]\.[A-Za-z0-9_-]{20,}", r"dapi[0-9a-f]{32}",
    r"dckr_pat_[A-Za-z0-9_-]{20,}", r"do[opr]_v1_[0-9a-f]{64}", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    r"glsa_[A-Za-z0-9_]{20,}", r"tskey-[A-Za-z0-9-]{16,}", r"NRAK-[A-Z0-9]{20,}", r"ATATT3x[A-Za-z0-9_=-]{20,}",
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}", r"PMAK-[A-Za-z0-9-]{20,}", r"pul-[0-9a-f]{40}", r"lin_api_[A-Za-z0-9]{20,}",
    r"dt0[cs]\d\d\.[A-Z0-9]{20,}\.[A-Z0-9]{40,}", r"\d{8,10}:AA[A-Za-z0-9_-]{33}",
    # AWS's own: AppSync API keys, Bedrock API keys, session tokens of STS.
    r"da2-[a-z0-9]{26}", r"ABSK[A-Za-z0-9+/=]{80,}", r"bedrock-api-key-[A-Za-z0-9+/=_-]{20,}",
    r"(?:AQoDYXdzE|FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9/+=]{20,}",
)  # fmt: skip
_WEBHOOKS = (
    r"(https://(?:hooks\.slack\.com|discord(?:app)?\.com/api/webhooks|[a-z0-9-]{1,63}\.webhook\.office\.com"
    r"|outlook\.office\.com/webhook|events\.pagerduty\.com/integration|hooks\.zapier\.com|alert\.victorops\.com)/)"
    r"[^\s\"'<>|]+"
)
_PARAMETERS = (
    r"([?&;](?:X-Amz-(?:Signature|Security-Token|Credential)|signature|sig|key|code|auth|[a-z_.-]{0,24}"
    r"(?:token|secret|passw(?:or)?d|api[_-]?key|access[_-]?key))=)[^&\s\"'<>]+"
)
_ASSIGNED = (
    rf"({_TELLING}[A-Za-z0-9_-]{{0,32}}(?:\\?[\"'])?\s{{0,3}}(?:=|:(?=[\s\\\"'])|(?<=[\"']):)\s{{0,3}}(?:\\?[\"'])?)"
    r"(?!(?:AKIA|ASIA|arn:|\[redacted))[^\s\"'&;,\\}]{4,}"
)
"""`password=x`, `"client_secret": "x"`, also where the quotes are escaped."""


class _Shape(NamedTuple):
    """One shape, and the marks (lower case) of which a text holds one wherever the shape is in it."""

    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    """What its first two groups hold stays, before and after the secret."""


def _shape(marks: str, pattern: str, flags: int = re.IGNORECASE) -> _Shape:
    return _Shape(tuple(marks.split("|")), re.compile(pattern, flags))


_WORD_MARKS = "passw|pwd|passphrase|secret|token|key"
_SHAPES: tuple[_Shape, ...] = (
    _shape("private key", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
           r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)", re.DOTALL),
    _shape("putty-user-key-file", r"PuTTY-User-Key-File.*", re.DOTALL),
    _shape("ls0tls1crudjti", r"LS0tLS1CRUdJTi[A-Za-z0-9+/=]{8,}", 0),  # PEM in base64
    _shape("eyj", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?", 0),
    _shape("", r"(?<![A-Za-z0-9])(?:" + "|".join(_TOKEN_PREFIXES) + ")", 0),
    _shape("https://", _WEBHOOKS),
    _shape("://", r"(://[^\s:/@\"']{0,128}:)[^\s/\"']{1,256}(@)"),
    _shape("=", _PARAMETERS),
    _shape("bearer|basic", r"\b((?:Bearer|Basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,}"),
    _shape("cookie:", r"\b((?:set-)?cookie:\s{0,3})[^\r\n\"']{4,}"),
    _shape(_WORD_MARKS, _ASSIGNED),
    _shape("<", rf"(<[A-Za-z0-9_:.-]{{0,40}}{_TELLING}[A-Za-z0-9_.-]{{0,20}}(?:\s[^<>]{{0,120}})?>)[^<>]+(?=<)"),
    _shape(_WORD_MARKS, r"((?:--|/)[a-z-]{0,24}(?:password|passwd|secret|token|api-key)[ \t]{1,4}[\"']?)[^\s\"']{3,}"),
    _shape(" -u| --user| --proxy-user",
           r"(\s(?:-u|--user|--proxy-user)[ =]{0,2}[\"']?[A-Za-z0-9_.@+-]{1,64}:)[^\s\"']+"),
    _shape(" -p| -a", r"(\b(?:sshpass|docker[ \t]+login|mysql|mysqldump|mysqladmin|mariadb|redis-cli|mongosh?)\b"
           r"[^\r\n|;]{0,160}?[ \t]-(?:p|a)[ \t]?[\"']?)[^\s\"'-][^\s\"']{2,}"),
    _shape("chpasswd", r"(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]{1,64}:)[^\s\"'|:]{3,128}"
           r"(?=[\"']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3})?chpasswd)"),
    _shape("net", r"(\bnet\s{1,3}user\s{1,3}[^\s/]{1,64}\s{1,3})(?!/)[^\s]{3,}"),
    _shape("convertto-securestring", r"(\bConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?[\"']?)[^\s\"']{3,}"),
)  # fmt: skip
_MARKS = tuple(dict.fromkeys(mark for shape in _SHAPES for mark in shape.marks))
_ANY_MARK = re.compile("|".join(re.escape(mark) for mark in _MARKS if mark))
"""Most texts hold no mark but the empty one."""
_UNMARKED = tuple(shape for shape in _SHAPES if shape.marks == ("",))
KEY_CHARACTERS = 40
"""Of a secret access key."""
_FORTY = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
"""What a secret access key looks like, and many a hash and path too."""
_FORTY_ALONE = re.compile(r"(?<![A-Za-z0-9/+=_.-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.-])")
"""The same, and no part of something longer."""
SHORTEST = 7
"""Characters of the shortest text in which anything is told by its shape: `://:x@h`."""
_ACCESS_KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}")
_KINDS = re.compile(r"[A-Z]+|[a-z]+|[0-9]+|[/+]+")
LEAST_CHANGES = 18
"""Changes between upper case, lower case and digits that make 40 characters look random.

A random key has about 25 of them; words run together have a dozen, hexadecimal hashes at most 20 but no upper case.
"""


def redact_text(value: str, *, beside_key: bool = False) -> str:
    """Return a text without what has the shape of a secret. `beside_key`: an access key id stands next to it."""
    if len(value) < SHORTEST:
        return value
    lower = value.lower()
    if _ANY_MARK.search(lower):
        found = {mark for mark in _MARKS if mark in lower}
        shapes = tuple(shape for shape in _SHAPES if not found.isdisjoint(shape.marks))
    else:
        shapes = _UNMARKED
    for shape in shapes:
        value = shape.pattern.sub(_without_secret, value)
    if len(value) < KEY_CHARACTERS:
        return value
    if beside_key or names_key(value):
        return _FORTY.sub(REDACTED, value)
    return _FORTY_ALONE.sub(lambda found: REDACTED if _is_random(found[0]) else found[0], value)


def _without_secret(found: re.Match[str]) -> str:
    """Keep the groups around the secret."""
    groups = found.groups()
    return (groups[0] if groups else "") + REDACTED + (groups[1] if len(groups) > 1 else "")


def names_key(value: str) -> bool:
    """Tell whether a text holds an access key id."""
    return _ACCESS_KEY_ID.search(value) is not None


def _is_random(forty: str) -> bool:
    mixed = any(char.isupper() for char in forty) and any(char.islower() for char in forty)
    return mixed and len(_KINDS.findall(forty)) > LEAST_CHANGES
