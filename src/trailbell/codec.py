"""Reads the objects of a compiled config field by field, so that an error names the object and the field.

The command writes what is read here; but a hosted config can be written by hand, too.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from trailbell.errors import ConfigError

Read = TypeVar("Read")
_MISSING: Any = object()


class Fields:
    """One object: a rule, a suppression."""

    def __init__(self, document: object, kind: str, known: Collection[str]) -> None:
        """Take the object. Raises ConfigError where it is none, has no id, or has a field that nobody knows."""
        if not isinstance(document, Mapping):
            raise ConfigError(f"a {kind} is {type(document).__name__}, not an object: {str(document)[:100]}")
        self._document = document
        self._kind = kind
        self.text("id")
        unknown = document.keys() - known
        if unknown:
            what = "there is no such field; it may be of a later Trailbell: deploy that first"
            raise self.error(min(unknown), what)

    def error(self, field: str, what: str) -> ConfigError:
        """Return the error of a field."""
        id_ = self._document.get("id")
        name = id_ if isinstance(id_, str) else f"without an id ({str(self._document)[:100]})"
        return ConfigError(f"{self._kind} {name}: {field}: {what}")

    def value(self, field: str, default: Any = _MISSING) -> Any:
        """Return a field as it is. Raises ConfigError where it is missing and has no default."""
        value = self._document.get(field, default)
        if value is _MISSING:
            raise self.error(field, "it is missing")
        return value

    def text(self, field: str, default: str = _MISSING) -> str:
        """Return a text."""
        value = self.value(field, default)
        if not isinstance(value, str):
            raise self.error(field, f"it is {type(value).__name__}, not a text")
        return value

    def optional_text(self, field: str) -> str | None:
        """Return a text, or None where there is none."""
        return None if self.value(field, None) is None else self.text(field)

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts; empty where there is none."""
        value = self.value(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(field, "it is not a list of texts")
        return tuple(value)

    def each(self, field: str, read: Callable[[Any], Read]) -> tuple[Read, ...]:
        """Return what is read of each item of a list; empty where there is none."""
        value = self.value(field, [])
        if not isinstance(value, list):
            raise self.error(field, f"it is {type(value).__name__}, not a list")
        return tuple(self.read(field, item, read) for item in value)

    def read(self, field: str, value: Any, read: Callable[[Any], Read]) -> Read:
        """Return what is read of a value; an error of reading gets the field's name."""
        try:
            return read(value)
        except (ConfigError, ValueError, TypeError) as error:
            raise self.error(field, str(error)) from error
