"""Resource types by the shape of an id, wherever it stands."""

import re

from trailbell.aws.registry import service_of_id

_ID = re.compile(r"([a-z]{1,8}(?:-[a-z]{3,6})?)-(?:[0-9a-f]{17}|[0-9a-f]{15}|[0-9a-f]{8})")


def type_of_id(value: str) -> str | None:
    """Return the type that an id's shape tells, else None."""
    found = _ID.fullmatch(value)
    return service_of_id(found[1]).id_types.get(found[1]) if found else None
