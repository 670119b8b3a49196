"""Reads texts that are assigned in Terraform and .env files: `name = "..."`, with references to one another."""

import re
from collections.abc import Mapping

_NAME = re.compile(r'(?m)(?:^|[{,])[ \t]*"?([A-Za-z_][A-Za-z0-9_]*)"?[ \t]*[=:][ \t]*')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'([^'\n]*)'[ \t]*$", re.MULTILINE)
_HEREDOC = re.compile(r"<<[-~]?([A-Za-z_]+)[ \t]*\n(.*?)\n[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
_LIST = re.compile(r'(?:join\(\s*"([^"]*)"\s*,\s*)?\[(.*?)\]', re.DOTALL)
_BARE = re.compile(r"[^\n#]*")
_REFERENCE = re.compile(r"^(?:local|var)\.([A-Za-z0-9_]+)$")
_INSIDE = re.compile(r"\$\{(?:local|var)\.([A-Za-z0-9_]+)\}")
_COMMENT = re.compile(r"(?m)^[ \t]*(?:#|//).*$")
_ESCAPES = {"n": "\n", "t": "\t"}
_DEEPEST = 20
"""References through references."""


def read_assignments(text: str) -> dict[str, tuple[str, int]]:
    """Return what each name is set to, and its line from 1; lists are joined with commas, references filled in."""
    blank = _COMMENT.sub(lambda found: " " * len(found[0]), text)
    raw: dict[str, tuple[str, int]] = {}
    position = 0
    while found := _NAME.search(blank, position):
        value, position = _read_value(blank, found.end())
        name = found[1].lower()
        whole = _REFERENCE.match(value)
        if whole and whole[1].lower() == name and name in raw:
            continue  # a module is given what the locals have under the same name
        raw[name] = (value, blank.count("\n", 0, found.start(1)) + 1)
    values = {name: value for name, (value, _) in raw.items()}
    return {name: (_resolve(value, values, 0), line) for name, (value, line) in raw.items()}


def _read_value(text: str, start: int) -> tuple[str, int]:
    """Return the value that begins at an offset, and where it ends."""
    if found := _QUOTED.match(text, start):
        return _unescape(found[1]), found.end()
    if found := _SINGLE.match(text, start):
        return found[1], found.end()
    if found := _HEREDOC.match(text, start):
        return found[2], found.end()
    if found := _LIST.match(text, start):
        items = [_unescape(item) for item in _QUOTED.findall(found[2])]
        references = re.findall(r"(?:local|var)\.[A-Za-z0-9_]+", _QUOTED.sub("", found[2]))
        return (found[1] or ",").join([*items, *(f"${{{name}}}" for name in references)]), found.end()
    if text[start : start + 1] == "{":
        return "", start + 1  # a block: what is assigned within is read next
    found = _BARE.match(text, start)
    return (found[0].strip(), found.end()) if found else ("", start)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text)


def _resolve(value: str, values: Mapping[str, str], depth: int) -> str:
    if depth > _DEEPEST:
        return value
    if (whole := _REFERENCE.match(value)) and whole[1].lower() in values:
        return _resolve(values[whole[1].lower()], values, depth + 1)
    return _INSIDE.sub(
        lambda found: _resolve(values[found[1].lower()], values, depth + 1) if found[1].lower() in values else found[0],
        value,
    )
