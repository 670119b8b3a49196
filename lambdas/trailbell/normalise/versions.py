"""Event names that carry the API version: Lambda's `UpdateFunctionCode20150331v2`, CloudFront's `..2020_05_31`."""

import re

_VERSION = re.compile(r"(?:20\d{6}(?:v\d+)?|20\d{2}_\d{2}_\d{2})$")


def without_version(event_name: str) -> str:
    """Return the event's name as the API's documentation has it."""
    return _VERSION.sub("", event_name) or event_name
