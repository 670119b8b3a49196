"""A first draft of a rule: for an event by name, or for a record, as YAML with comments and tests."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from trailbell.authoring.problems import suggest
from trailbell.aws.registry import name_service
from trailbell.errors import ConfigError
from trailbell.operations import load_operations, without_version
from trailbell.record import Record
from trailbell.redact import redact

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z]|\b|\d)|[A-Z]?[a-z]+|\d+")
_SUFFIX = ".amazonaws.com"
_WIDTH = 110
_NO_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "null"})
"""Words that YAML takes for something else."""
_KEPT_IN_TESTS = (
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "requestParameters",
    "eventID",
    "readOnly",
    "eventType",
    "recipientAccountId",
)
"""What a rule is likely to ask for; responses can be as long as they like."""
_TEMPLATE = """\
- id: {id}
  title: {title}
  # description: why it matters, and what a harmless reason may be
  severity: {severity}{severity_hint}
  match:                            # an EventBridge event pattern on the CloudTrail record
    eventSource: {source}
    eventName: {names}
    errorCode: {error}
  # except:                         # patterns: where one of them matches too, there is no alert
  #   - userIdentity: {{sessionContext: {{sessionIssuer: {{userName: [ci-deploy]}}}}}}
  # summary: "{{principal}} called {{event_name}} on {{resources}} in {{region}}"
  dedupe: {{by: [principal, account, region], window: 15m}}  # repeats are counted, not sent
  # runbook: https://wiki.example.com/runbooks/{id}
  tests:                            # `trailbell rules test {id}`
{tests}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a drafted rule is about."""

    source: str
    names: tuple[str, ...]
    error_code: str | None
    """The error that it asks for; None for calls that succeeded."""
    record: Mapping[str, Any]
    """One that the rule fires on."""


def subject_of_event(written: str) -> Subject:
    """Return what `service:Event` names. Raises ConfigError where there is no such event, or more than one."""
    service, _, name = written.rpartition(":")
    operations = load_operations()
    source = service if service.endswith(_SUFFIX) else service + _SUFFIX
    renamed = operations.renamed.get(source, {}).get(name)
    if not service or not (renamed or operations.has(source, name)):
        # IAM's prefix is not always the event source's: `cloudwatch` is monitoring.amazonaws.com.
        elsewhere = operations.sources_of(name)
        if len(elsewhere) != 1:
            known = operations.sources.get(source) or {each.removesuffix(_SUFFIX) for each in operations.sources}
            tip = suggest(name if source in operations.sources else service, known, few=0)
            among = f"It is an event of {', '.join(elsewhere)}." if elsewhere else tip
            raise ConfigError(f"There is no event {written}; write it as iam:CreateAccessKey. {among}".rstrip())
        (source,) = elsewhere
    version = operations.dated.get(source, {}).get(name)
    names = renamed or ((f"{name}{version}", f"{name}{version}v2") if version else (name,))
    record = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE",
            "arn": "arn:aws:iam::111122223333:user/alice",
            "accountId": "111122223333",
            "userName": "alice",
        },
        "eventTime": "2026-11-02T09:14:07Z",
        "eventSource": source,
        "eventName": names[0],
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.10",
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    }
    return Subject(source=source, names=names, error_code=None, record=record)


def subject_of_record(record: Record) -> Subject:
    """Return what a record, whose secrets are redacted, is an example of. Raises ConfigError for what has no name."""
    raw = record.raw
    source, name = raw.get("eventSource"), raw.get("eventName")
    if not isinstance(source, str) or not isinstance(name, str):
        raise ConfigError("The record has no eventSource or no eventName, which a rule is drafted from.")
    kept = {key: raw[key] for key in _KEPT_IN_TESTS if key in raw}
    error = raw.get("errorCode")
    return Subject(source=source, names=(name,), error_code=error if isinstance(error, str) else None, record=kept)


def draft_rule(subject: Subject, *, rule_id: str, severity: str) -> str:
    """Return the rule as an item of a YAML list."""
    error = _inline([subject.error_code]) if subject.error_code else "[{exists: false}]"
    return _TEMPLATE.format(
        id=rule_id,
        title=_inline(make_title(subject)),
        severity=severity,
        severity_hint=" " * (22 - len(severity)) + "# info, low, medium, high or critical",
        source=_inline([subject.source]),
        names=_inline(list(subject.names)),
        error=error.ljust(18) + " " + _error_hint(subject),
        tests=textwrap.indent(_write(_make_tests(subject)), "    "),
    )


def make_title(subject: Subject) -> str:
    """Return a title to begin with: `IAM: create access key`."""
    words = _WORD.findall(without_version(subject.names[0]))
    said = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    tried = ", tried" if subject.error_code else ""
    return f"{name_service(subject.source)}: {said or subject.names[0]}{tried}"


def _make_tests(subject: Subject) -> list[dict[str, Any]]:
    record = dict(redact(subject.record))
    alerting = {"name": "as it was called", "record": record, "alerts": True}
    if subject.error_code:
        silent = {"name": "one that succeeded", "record": {k: v for k, v in record.items() if k != "errorCode"}}
    else:
        silent = {"name": "one that was denied", "record": record | {"errorCode": "AccessDenied"}}
    return [alerting, silent | {"alerts": False}]


def _error_hint(subject: Subject) -> str:
    return "# this error only" if subject.error_code else "# calls that succeeded; leave it out for attempts, too"


def _inline(value: str | Sequence[str]) -> str:
    """Return a text, or a list of texts, on one line; quoted as JSON, which is YAML, where YAML would need it."""
    if not isinstance(value, str):
        return f"[{', '.join(_inline(item) for item in value)}]"
    plain = re.fullmatch(r"[A-Za-z][\w. -]*[A-Za-z\d]", value) and value.lower() not in _NO_TEXT
    return value if plain else json.dumps(value, ensure_ascii=False)


def _write(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


class _Dumper(yaml.SafeDumper):
    """Writes a record that two tests share twice, not as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def put_into(text: str, rule: str) -> str:
    """Return a config or rule file with the rule at the end of its list; comments and all else stay as they are."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = next((number for number, line in enumerate(lines) if re.match(r"rules\s*:", line)), None)
    if start is None:
        gap = ["\n"] if lines else []
        return "".join([*lines, *gap, "rules:\n", textwrap.indent(rule, "  ")])
    if re.match(r"rules\s*:\s*\[\s*\]", lines[start]):
        lines[start] = "rules:\n"
    end = next((number for number in range(start + 1, len(lines)) if re.match(r"[^\s#-]", lines[number])), len(lines))
    last = max((number for number in range(start, end) if _is_content(lines[number])), default=start)
    first = next((line for line in lines[start + 1 : end] if line.lstrip().startswith("- ")), "  - ")
    margin = first[: len(first) - len(first.lstrip())]
    gap = ["\n"] if last > start else []
    return "".join([*lines[: last + 1], *gap, textwrap.indent(rule, margin), *lines[last + 1 :]])


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")
