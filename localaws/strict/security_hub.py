"""Security Hub, which MiniStack does not know: findings are imported, and refused, as on AWS."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.validate import ParamValidator
from ministack import app
from ministack.core.responses import (
    AccountRegionScopedDict,
    error_response_json,
    get_account_id,
    get_region,
    json_response,
)

Finding = Mapping[str, Any]

_hubs = AccountRegionScopedDict()
_findings = AccountRegionScopedDict()
"""By their ids: one product alone imports here."""
_HUB = "hub"
_MAX_FINDINGS = 100
_MAX_BYTES = 240_000
"""https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html"""
_REQUIRED = ("Severity", "Types")
"""Besides what botocore's model requires.

https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
"""
_LENGTHS = {"Id": 512, "GeneratorId": 512, "Title": 256, "Description": 1024, "Types": 50, "Resources": 32}
"""Characters of a text, items of a list: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html"""
_NAMESPACES = (
    "Software and Configuration Checks", "TTPs", "Effects", "Unusual Behaviors", "Sensitive Data Identifications",
)  # fmt: skip
_LABELS = ("INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL")
_MAX_PRODUCT_FIELDS = 50
_MAX_PRODUCT_FIELD = 2_048
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)")


def install() -> None:
    """Serve the part of its API that Trailbell and its tests use."""
    app.SERVICE_HANDLERS["securityhub"] = handle_request


def reset() -> None:
    """Forget everything."""
    _hubs.clear()
    _findings.clear()


async def handle_request(method: str, path: str, _headers: object, body: bytes, _params: object) -> Any:
    """Answer a request."""
    wanted = json.loads(body or b"{}")
    if (method, path) == ("POST", "/accounts"):
        return _enable()
    if _HUB not in _hubs:
        message = f"Account {get_account_id()} is not subscribed to AWS Security Hub"
        return _error("InvalidAccessException", message, 401)
    if (method, path) == ("POST", "/findings/import"):
        return _import(wanted.get("Findings", []))
    if (method, path) == ("POST", "/findings"):
        return _get(wanted)
    return _error("InvalidInputException", f"The local AWS has no {method} {path} of Security Hub", 400)


def _enable() -> Any:
    if _HUB in _hubs:
        return _error("ResourceConflictException", "Account is already subscribed to Security Hub", 409)
    _hubs[_HUB] = True
    return json_response({})


def _import(findings: list[Finding]) -> Any:
    if not 1 <= len(findings) <= _MAX_FINDINGS:
        return _error("InvalidInputException", f"Findings must have between 1 and {_MAX_FINDINGS} members", 400)
    failed = []
    for finding in findings:
        if reasons := list(problems(finding)):
            told = f"Finding does not adhere to Amazon Finding Format: {'; '.join(reasons)}"
            failed.append({"Id": str(finding.get("Id")), "ErrorCode": "InvalidInput", "ErrorMessage": told})
        else:
            _findings[finding["Id"]] = dict(finding)
    taken = len(findings) - len(failed)
    return json_response({"FailedCount": len(failed), "SuccessCount": taken, "FailedFindings": failed})


def problems(finding: Finding) -> Iterator[str]:
    """Yield what Security Hub refuses about a finding."""
    report = ParamValidator().validate(finding, _shape())
    if report.has_errors():
        # The rest relies on the members and their types.
        yield report.generate_report()
        return
    yield from (f"{name} is missing" for name in _REQUIRED if not finding.get(name))
    yield from (
        f"{name} must have 1 to {most}"
        for name, most in _LENGTHS.items()
        if not 1 <= len(finding.get(name, "-")) <= most
    )
    yield from _of_its_source(finding)
    yield from _of_its_words(finding)
    yield from (f"{name} is no time of ISO 8601: {text}" for name, text in _times(finding) if not _TIME.fullmatch(text))
    if len(json.dumps(finding).encode()) > _MAX_BYTES:
        yield f"it has more than {_MAX_BYTES} bytes"


def _of_its_source(finding: Finding) -> Iterator[str]:
    """Check in whose name it is: of one's own integrations, that of the account and region that import."""
    account = get_account_id()
    product = f":securityhub:{get_region()}:{account}:product/{account}/default"
    if not finding["ProductArn"].endswith(product):
        yield f"ProductArn must end in {product}"
    if finding["AwsAccountId"] != account:
        yield f"AwsAccountId must be {account}"
    if finding["SchemaVersion"] != "2018-10-08":
        yield "SchemaVersion must be 2018-10-08"


def _of_its_words(finding: Finding) -> Iterator[str]:
    for type_ in finding.get("Types", ()):
        if type_.partition("/")[0] not in _NAMESPACES or type_.count("/") > len(("category", "classifier")):
            yield f"Types: {type_} is no namespace/category/classifier"
    severity = finding.get("Severity", {})
    if severity.get("Label", "LOW") not in _LABELS or not severity.keys() & {"Label", "Normalized"}:
        yield f"Severity must have a Label of {', '.join(_LABELS)}, or Normalized"
    fields = finding.get("ProductFields", {})
    if len(fields) > _MAX_PRODUCT_FIELDS:
        yield f"ProductFields must have no more than {_MAX_PRODUCT_FIELDS}"
    yield from (f"ProductFields: {name} is too long" for name, text in fields.items() if len(text) > _MAX_PRODUCT_FIELD)


def _times(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the members that are times, with their names."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key not in {"ProductFields", "UserDefinedFields", "Details"}:
                yield from _times(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _times(item, name)
    elif name.endswith("At") or name in {"FirstSeen", "LastSeen"}:
        yield name, str(value)


def _get(wanted: Mapping[str, Any]) -> Any:
    """Return findings, by their ids where the filters name some: no other filter is known here."""
    filters = wanted.get("Filters", {})
    ids = filters.get("Id", [])
    if filters.keys() - {"Id"} or any(each["Comparison"] != "EQUALS" for each in ids):
        return _error("InvalidInputException", "The local AWS filters findings by equal Ids alone", 400)
    values = [each["Value"] for each in ids]
    return json_response({"Findings": [found for id_, found in _findings.items() if not values or id_ in values]})


@cache
def _shape() -> Any:
    """Return botocore's own description of a finding."""
    model: Any = botocore.session.get_session().get_service_model("securityhub")
    return model.operation_model("BatchImportFindings").input_shape.members["Findings"].member


def _error(code: str, message: str, status: int) -> Any:
    return error_response_json(code, message, status, message_key="Message")
