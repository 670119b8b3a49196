"""Which operation of which service a call is, by botocore's models, and what CloudTrail calls it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel

from localaws.strict.records.call import Call
from trailbell.operations import load_operations

_BY_SIGNING_NAME: Mapping[str, tuple[str, ...]] = {
    "appconfig": ("appconfig", "appconfigdata"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticloadbalancing": ("elbv2", "elb"),
    "es": ("opensearch",),
    "monitoring": ("cloudwatch",),
    "ses": ("sesv2", "ses"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
"""The services of a credential scope whose name is not botocore's."""
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/")
_RPC_PATH = re.compile(r"^/service/[^/]+/operation/(\w+)$")
_LABEL = re.compile(r"\{(\w+)(\+?)\}")
_GLOBAL_SOURCES = frozenset(
    f"{name}.amazonaws.com" for name in ("cloudfront", "iam", "organizations", "route53", "route53domains")
)
_SECOND_VERSION = frozenset(
    {
        "AddPermission",
        "GetFunction",
        "GetFunctionConfiguration",
        "RemovePermission",
        "UpdateFunctionCode",
        "UpdateFunctionConfiguration",
    }
)
"""Lambda's operations whose event name ends in `v2`: `UpdateFunctionCode20150331v2`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation, and what the request's address said of its parameters."""

    service: str
    """botocore's name."""
    model: OperationModel
    labels: Mapping[str, str]
    """Member of the input -> value, of the path."""
    source: str
    """`iam.amazonaws.com`."""
    event_name: str

    @property
    def name(self) -> str:
        """The API's name of it."""
        return str(self.model.name)

    @property
    def is_global(self) -> bool:
        """Tell whether its events are in us-east-1, whatever region was asked."""
        return self.source in _GLOBAL_SOURCES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    query: Mapping[str, list[str]]
    """What must be in the query string: `policy`, `list-type=2`."""
    literal_length: int

    def match(self, call: Call) -> dict[str, str] | None:
        if call.method != self.method or any(
            name not in call.query or (values != [""] and call.query[name] != values)
            for name, values in self.query.items()
        ):
            return None
        found = self.path.match(call.path.rstrip("/") or "/")
        return found.groupdict() if found else None


def signing_name(headers: Mapping[str, str], query: Mapping[str, list[str]]) -> str | None:
    """Return the service that a request is signed for, None where it is not signed."""
    found = _SCOPE.search(headers.get("authorization", ""))
    if found:
        return found[1]
    scope = query.get("X-Amz-Credential", [""])[0].split("/")
    return scope[3] if len(scope) > 3 else None  # noqa: PLR2004 - key, day, region, service


def operation_of(call: Call) -> Operation | None:
    """Return the operation, None where botocore's models have none such."""
    for service in _BY_SIGNING_NAME.get(call.signing_name, (call.signing_name,)):
        try:
            model = _service_model(service)
        except UnknownServiceError:
            continue
        for name, labels in _candidates(call, service, model):
            if name in model.operation_names:
                return _operation(call, service, model.operation_model(name), labels)
    return None


def _candidates(call: Call, service: str, model: ServiceModel) -> Iterator[tuple[str, Mapping[str, str]]]:
    prefix, _, target = call.headers.get("x-amz-target", "").rpartition(".")
    if target:
        if prefix == model.metadata.get("targetPrefix"):
            yield target, {}
        return
    if rpc := _RPC_PATH.match(call.path):
        yield rpc[1], {}
    elif model.protocol in {"query", "ec2"}:
        form = {**call.query, **parse_qs(call.body.decode("utf-8", "replace"))}
        if form.get("Version", [model.api_version]) == [model.api_version]:
            yield form.get("Action", [""])[0], {}
    else:
        for route in _routes(service):
            labels = route.match(call)
            if labels is not None:
                yield route.operation, labels
                return


def _operation(call: Call, service: str, model: OperationModel, labels: Mapping[str, str]) -> Operation:
    source = f"{call.signing_name.lower()}.amazonaws.com"
    return Operation(
        service=service, model=model, labels=labels, source=source, event_name=_event_name(source, str(model.name))
    )


def _event_name(source: str, name: str) -> str:
    known = load_operations()
    if version := known.dated.get(source, {}).get(name):
        return f"{name}{version}{'v2' if name in _SECOND_VERSION else ''}"
    return known.renamed.get(source, {}).get(name, (name,))[0]


@lru_cache(maxsize=1)
def _session() -> Any:
    return botocore.session.Session()


@lru_cache(maxsize=64)
def _service_model(name: str) -> ServiceModel:
    model: ServiceModel = _session().get_service_model(name)
    return model


@lru_cache(maxsize=64)
def _routes(service: str) -> tuple[_Route, ...]:
    """Return the service's routes, the most particular first."""
    model = _service_model(service)
    routes = (_route(name, model.operation_model(name).http) for name in model.operation_names)
    return tuple(sorted(routes, key=lambda route: (-len(route.query), -route.literal_length, route.operation)))


def _route(operation: str, http: Mapping[str, str]) -> _Route:
    path, _, query = http["requestUri"].partition("?")
    path = path.rstrip("/") or "/"
    pattern, end = "", 0
    for label in _LABEL.finditer(path):
        # The last label may be an ARN, which has slashes of its own: `/tags/{ResourceArn}`.
        value = ".+" if label[2] or label.end() == len(path) else "[^/]+"
        pattern += f"{re.escape(path[end : label.start()])}(?P<{label[1]}>{value})"
        end = label.end()
    return _Route(
        operation=operation,
        method=http["method"],
        path=re.compile(f"^{pattern}{re.escape(path[end:])}$"),
        query=parse_qs(query, keep_blank_values=True),
        literal_length=len(_LABEL.sub("", path)),
    )
