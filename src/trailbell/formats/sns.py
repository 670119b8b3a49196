"""An alert as one SNS publication: a text a protocol, attributes for filter policies, within SNS's size."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from trailbell.alert import Alert
from trailbell.formats import digest as words
from trailbell.formats import load_format
from trailbell.formats.digest import Digest
from trailbell.formats.document import to_document
from trailbell.formats.text import MAX_SHORT_CHARACTERS, MAX_SUBJECT_CHARACTERS, clip_ascii, short, subject, text
from trailbell.named_values import named_values
from trailbell.words.clean import clip, visible

MAX_PUBLISH_BYTES = 262_144
"""SNS: message and attributes together. https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html"""
BUDGET_BYTES = 200_000
"""What we use of it: a queue without raw delivery gets the text once more escaped, inside SNS's own envelope."""
_HEAD_BYTES = 20_000
"""More than a digest's counts take beside its alerts."""
MAX_ATTRIBUTE_CHARACTERS = 256
MAX_ATTRIBUTES = 10
"""A queue with raw delivery takes no message with more. Same page as above."""

MAX_RESOURCES = 200
MAX_FIELDS = 50
"""More than any part of the JSON alert has."""
_SIZES: tuple[tuple[int, int], ...] = ((2_000, 100), (500, 25), (100, 5))
"""What big parameters are cut to, one step after the other: characters a string, items a list or object."""


def publication(alert: Alert, *, https_format: str = "json") -> dict[str, Any]:
    """Return the arguments of SNS's Publish, but the topic.

    Subscribers of e-mail get the text, of SMS one short line, all others the JSON alert; HTTPS ones get what
    `https_format` names of `FORMATS`. An alert that is too big for SNS loses parts of its parameters and resources, and
    says in `truncated` which.
    """
    content = {"email": text(alert), "sms": short(alert)}
    if https_format != "json":
        content["https"] = content["http"] = load_format(https_format).render(alert)
    attributes = message_attributes(alert)
    for document in _versions(alert):
        # The JSON alert is ASCII, so that no queue or parser on its way can stumble over a character.
        machine = json.dumps(document, separators=(",", ":"))
        message = json.dumps({"default": machine, **content}, ensure_ascii=False)
        if publish_bytes(message, attributes) <= BUDGET_BYTES:
            break
    return {
        "Subject": subject(alert),
        "Message": message,
        "MessageStructure": "json",
        "MessageAttributes": attributes,
    }


def digest_publications(digest: Digest) -> Iterator[dict[str, Any]]:
    """Yield the arguments of SNS's Publish for a digest, but the topic: as many as its whole JSON needs."""
    lines = "\n".join([*words.rule_lines(digest, MAX_FIELDS), "", *words.alert_lines(digest, MAX_RESOURCES)])
    headline = words.headline(digest)
    room = BUDGET_BYTES - len(json.dumps(lines).encode()) - _HEAD_BYTES
    attributes = {
        "kind": {"DataType": "String", "StringValue": "digest"},
        "severity": {"DataType": "String", "StringValue": digest.severity},
        "test": {"DataType": "String", "StringValue": "true" if digest.test else "false"},
    }
    for document in words.to_documents(digest, room, lambda part: len(json.dumps(json.dumps(part)))):
        content = {
            "default": json.dumps(document, separators=(",", ":")),
            "email": f"{headline}\n\n{lines}\n",
            "sms": clip_ascii(headline, MAX_SHORT_CHARACTERS),
        }
        yield {
            "Subject": clip_ascii(headline, MAX_SUBJECT_CHARACTERS),
            "Message": json.dumps(content, ensure_ascii=False),
            "MessageStructure": "json",
            "MessageAttributes": attributes,
        }


def message_attributes(alert: Alert) -> dict[str, dict[str, str]]:
    """Return what subscription filter policies may look at; empty values are left out, SNS refuses them."""
    values = {
        "severity": alert.severity,
        "rule": alert.rule.id,
        **{name: value.read(alert) for name, value in named_values("attribute").items()},
        "test": "true" if alert.test else "false",
    }
    attributes = {
        name: {"DataType": "String", "StringValue": clip(visible(value), MAX_ATTRIBUTE_CHARACTERS)}
        for name, value in values.items()
        if value
    }
    lists = {"tags": alert.rule.tags, "destinations": alert.destinations}
    for name, items in lists.items():
        if items:
            attributes[name] = {"DataType": "String.Array", "StringValue": json.dumps(items)}
    return attributes


def publish_bytes(message: str, attributes: Mapping[str, Mapping[str, str]]) -> int:
    """Return what SNS counts: the message, and each attribute's name, type and value, in UTF-8."""
    texts = [message, *(text for name, value in attributes.items() for text in (name, *value.values()))]
    return sum(len(text.encode()) for text in texts)


def _versions(alert: Alert) -> Iterator[dict[str, Any]]:
    """Yield the JSON alert, then ever shorter ones."""
    yield to_document(alert)
    cut: set[str] = set()
    if len(alert.resources) > MAX_RESOURCES:
        alert, cut = _fewer_resources(alert, MAX_RESOURCES), {"resources"}
    for characters, items in _SIZES:
        parameters = shorten(alert.request_parameters, characters, items)
        elements = shorten(alert.response_elements, characters, items)
        cut |= {"request_parameters"} if parameters != alert.request_parameters else set()
        cut |= {"response_elements"} if elements != alert.response_elements else set()
        alert = replace(alert, request_parameters=parameters, response_elements=elements)
        yield {**to_document(alert), "truncated": sorted(cut)}
    # Only names of thousands of characters come here: AWS itself allows none of them.
    for characters, resources in ((1_000, 20), (50, 5)):
        short_document = shorten(to_document(_fewer_resources(alert, resources)), characters, MAX_FIELDS)
        yield {**short_document, "truncated": ["everything"]}


def _fewer_resources(alert: Alert, count: int) -> Alert:
    left_out = max(0, len(alert.resources) - count)
    return replace(alert, resources=alert.resources[:count], omitted_resources=alert.omitted_resources + left_out)


def shorten(value: Any, characters: int, items: int, depth: int = 8) -> Any:
    """Return any JSON with long strings clipped, long lists and objects cut, deep ones folded; each says so."""
    if isinstance(value, str):
        return clip(value, characters)
    if isinstance(value, Mapping):
        if depth == 0:
            return f"… {len(value):,} fields"
        kept = {
            clip(key, 200): shorten(item, characters, items, depth - 1) for key, item in list(value.items())[:items]
        }
        return kept | ({"…": f"{len(value) - items:,} more"} if len(value) > items else {})
    if isinstance(value, list | tuple):
        if depth == 0:
            return f"… {len(value):,} items"
        rest = len(value) - items
        return [shorten(item, characters, items, depth - 1) for item in value[:items]] + (
            [f"… {rest:,} more"] if rest > 0 else []
        )
    return value
