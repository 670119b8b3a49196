"""Links into the AWS console, of the partition that the record comes from.

Every part that comes from a record is percent-encoded: it can neither leave its place in the link nor change the host.
"""

import re
from urllib.parse import quote

from trailbell.aws.registry import service_of_type

_HOSTS = {
    "aws": "{region}.console.aws.amazon.com",
    "aws-cn": "{region}.console.amazonaws.cn",
    "aws-us-gov": "{region}.console.amazonaws-us-gov.com",
}
_GLOBAL_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_STEPS = frozenset({".", ".."})
"""What a browser takes for a step in the path, encoded or not."""
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}")


def event_url(region: str, event_id: str, partition: str) -> str | None:
    """Return the event's page in CloudTrail's event history; None where the region is none."""
    if not _REGION.fullmatch(region):
        return None
    return f"https://{_host(region, partition)}/cloudtrailv2/home?region={region}#/events/{_encoded(event_id)}"


def resource_url(type_: str, id_: str, *, arn: str | None, region: str, partition: str) -> str | None:
    """Return a resource's page; None for a type without one, or where the page needs what is not known."""
    service = service_of_type(type_)
    page = service.pages.get(type_)
    if page is None or not _REGION.fullmatch(region) or id_ in _STEPS or arn in _STEPS:
        return None
    if "{arn}" in page and not arn:
        return None
    host = _GLOBAL_HOSTS.get(partition, _GLOBAL_HOSTS["aws"]) if service.global_console else _host(region, partition)
    path = page.format(id=_encoded(id_), arn=_encoded(arn or "", safe=":"), region=region)
    return f"https://{host}/{path}"


def _encoded(value: str, *, safe: str = "") -> str:
    """Percent-encode; half a surrogate pair, which JSON may hold and UTF-8 may not, becomes a question mark."""
    return quote(value, safe=safe, errors="replace")


def _host(region: str, partition: str) -> str:
    return _HOSTS.get(partition, _HOSTS["aws"]).format(region=region)
