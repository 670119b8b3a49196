"""What a call asked for and what it got, as members of the API's model: by botocore's parsers, which know answers.

In every protocol but the query ones a request's body is spelled as an answer's is, so the same parsers read both.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from botocore import parsers
from botocore.model import ListShape, MapShape, Shape, StructureShape

from localaws.strict.records.call import Call
from localaws.strict.records.operations import Operation

_QUERY_PROTOCOLS = frozenset({"query", "ec2"})
_CBOR = "smithy-rpc-v2-cbor"
_META = "ResponseMetadata"


def request_parameters(call: Call, operation: Operation) -> dict[str, Any]:
    """Return the input's members that the request gives. Raises ResponseParserError, ValueError."""
    shape = operation.model.input_shape
    if not isinstance(shape, StructureShape):
        return {}
    protocol = _protocol(call, operation)
    if protocol in _QUERY_PROTOCOLS:
        form = {**call.query, **parse_qs(call.body.decode("utf-8", "replace"), keep_blank_values=True)}
        flat = {name: values[0] for name, values in form.items()}
        found: dict[str, Any] = _Query(flat, ec2=protocol == "ec2").structure(shape, "")
        return found
    return {**_parse(protocol, 200, call.headers, call.body, shape), **_addressed(call, operation, shape)}


def answer_members(call: Call, operation: Operation) -> dict[str, Any]:
    """Return the output's members, of a failed call `Error` with Code and Message. Raises ResponseParserError."""
    shape = operation.model.output_shape
    protocol = _protocol(call, operation)
    # Without a shape no body is parsed, unless it is an error.
    return _parse(protocol, call.status, call.answer_headers, call.answer_body, shape)


def _protocol(call: Call, operation: Operation) -> str:
    """Return the protocol that the caller chose: CloudWatch speaks three."""
    model = operation.model.service_model
    if call.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return _CBOR
    if model.protocol == _CBOR:
        return "json" if "x-amz-target" in call.headers else "query"
    return str(model.protocol)


def _parse(protocol: str, status: int, headers: Mapping[str, str], body: bytes, shape: Shape | None) -> dict[str, Any]:
    parser: Any = parsers.create_parser(protocol)
    parsed: dict[str, Any] = parser.parse({"status_code": status, "headers": dict(headers), "body": body}, shape)
    return {name: value for name, value in parsed.items() if name != _META}


def _addressed(call: Call, operation: Operation, shape: StructureShape) -> dict[str, Any]:
    """Return the members that stand in the path and in the query string."""
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        if member.serialization.get("location") == "uri" and wire in operation.labels:
            found[name] = operation.labels[wire]
        elif member.serialization.get("location") == "querystring" and wire in call.query:
            values = call.query[wire]
            found[name] = values if isinstance(member, ListShape) else _scalar(member, values[0])
    return found


def _scalar(shape: Shape, text: str) -> Any:
    if shape.type_name == "boolean":
        return text.lower() == "true"
    if shape.type_name in {"integer", "long"}:
        return int(text)
    if shape.type_name in {"float", "double"}:
        return float(text)
    return text


class _Query:
    """Reads `Tags.member.1.Key=...`, as the query protocols flatten a structure.

    https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
    """

    def __init__(self, flat: Mapping[str, str], *, ec2: bool) -> None:
        self._flat = flat
        self._ec2 = ec2

    def structure(self, shape: StructureShape, prefix: str) -> dict[str, Any]:
        """Return the members that the request gives."""
        members = ((name, member, prefix + self._name(name, member)) for name, member in shape.members.items())
        return {name: self._value(member, at) for name, member, at in members if self._has(at)}

    def _name(self, name: str, member: Shape) -> str:
        if not self._ec2:
            return str(member.serialization.get("name", name))
        # https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html#query-key-resolution
        named = str(member.serialization.get("queryName") or member.serialization.get("name", name))
        return named[:1].upper() + named[1:]

    def _has(self, prefix: str) -> bool:
        return prefix in self._flat or any(name.startswith(f"{prefix}.") for name in self._flat)

    def _value(self, shape: Shape, prefix: str) -> Any:
        if isinstance(shape, StructureShape):
            return self.structure(shape, f"{prefix}.")
        if isinstance(shape, ListShape):
            return [self._value(shape.member, at) for at in self._numbered(f"{prefix}{self._between(shape, 'member')}")]
        if isinstance(shape, MapShape):
            entries = self._numbered(f"{prefix}{self._between(shape, 'entry')}")
            key, value = (s.serialization.get("name", n) for s, n in ((shape.key, "key"), (shape.value, "value")))
            return {self._flat[f"{at}.{key}"]: self._value(shape.value, f"{at}.{value}") for at in entries}
        return _scalar(shape, self._flat[prefix])

    def _between(self, shape: Shape, word: str) -> str:
        if self._ec2 or shape.serialization.get("flattened"):
            return ""
        member = getattr(shape, "member", None)
        return f".{member.serialization.get('name', word) if member is not None else word}"

    def _numbered(self, prefix: str) -> list[str]:
        numbers = {
            int(found[1]) for name in self._flat if (found := re.match(rf"{re.escape(prefix)}\.(\d+)(?:\.|$)", name))
        }
        return [f"{prefix}.{number}" for number in sorted(numbers)]
