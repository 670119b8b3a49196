"""What people have tried to put into names, tags, user agents and error messages; and every place to put it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from tests.alerts import RUN_INSTANCES
from trailbell.alert import Alert

STRINGS: tuple[str, ...] = (
    "<!channel>",
    "<!here|here>",
    "<@U012AB3CD>",
    "<#C024BE7LR|general>",
    "<https://evil.example/login|AWS console>",
    "https://evil.example/login",
    "HTTP://EVIL.EXAMPLE",
    "[console](https://evil.example)",
    "<mailto:bob@example.com|Bob>",
    "@channel @here @everyone",
    "#general",
    "*bold* **bold**",
    "_italic_ ~struck~",
    "`code` ```block```",
    ":rotating_light: :smile:",
    "> quoted\n>>> all of it",
    "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "<script>alert(1)</script>",
    "name\nWho        root, MFA",
    "name\r\nBcc: everyone@example.com\r\n\r\nbody",
    "name\u2028new line\u2029new paragraph\x0b\x0c\x85",
    "name\ttab\x00nul\x1b[31mred\x07",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "zero\u200bwidth\u2060joiner\ufeff",
    "\U000e0041\U000e0042tag letters",
    "\u3164\u115f\u2800",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324algo" * 3,
    "\ud800 unpaired",
    "\u05d0\u05d1\u05d2 admin 123",
    "{principal} %s ${jndi:ldap://evil.example}",
    "x" * 10_000,
    "<!channel>" * 1_000,
    "\u202e" * 10_000,
    "\U0001f600" * 10_000,
    "a b " * 2_500,
)

KEPT_BY_US = {"id", "severity", "test", "config_version", "url", "partition", "kind", "role", "credentials"}
"""Fields that no user of the account can write: enumerations, our own ids, and URLs, which are built by `aws.console`."""


def places() -> dict[str, Callable[[str], Alert]]:
    """Return, by name, what puts a string into one field of the alert of the RunInstances record."""
    found: dict[str, Callable[[str], Alert]] = {
        "summary": lambda text: replace(RUN_INSTANCES, summary=text),
        "undo": lambda text: replace(RUN_INSTANCES, undo=text),
        "parameter value": lambda text: replace(RUN_INSTANCES, request_parameters={"instanceType": text}),
        "parameter name": lambda text: replace(RUN_INSTANCES, request_parameters={text: "value"}),
        "rule.title": lambda text: replace(RUN_INSTANCES, rule=replace(RUN_INSTANCES.rule, title=text)),
        "rule.runbook": lambda text: replace(RUN_INSTANCES, rule=replace(RUN_INSTANCES.rule, runbook=f"1. {text}")),
    }
    for part in ("event", "principal", "origin"):
        found |= {f"{part}.{name}": _setter(part, name) for name in _text_fields(getattr(RUN_INSTANCES, part))}
    found |= {f"resource.{name}": _resource_setter(name) for name in _text_fields(RUN_INSTANCES.resources[0])}
    return found


def _text_fields(part: Any) -> Iterator[str]:
    for field in fields(part):
        if field.name not in KEPT_BY_US - {"id"} and "str" in str(field.type):
            yield field.name


def _setter(part: str, name: str) -> Callable[[str], Alert]:
    def put(text: str) -> Alert:
        changes: dict[str, Any] = {part: replace(getattr(RUN_INSTANCES, part), **{name: text})}
        return replace(RUN_INSTANCES, **changes)

    return put


def _resource_setter(name: str) -> Callable[[str], Alert]:
    def put(text: str) -> Alert:
        changes: dict[str, Any] = {name: text}
        return replace(RUN_INSTANCES, resources=(replace(RUN_INSTANCES.resources[0], **changes),))

    return put


def strings_of(value: Any) -> Iterator[str]:
    """Yield every string in JSON, keys too, or in a dataclass."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (key, *strings_of(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_of(getattr(value, field.name))
