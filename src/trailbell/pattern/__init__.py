"""Event patterns with the semantics of Amazon EventBridge: parse, check, match."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trailbell.errors import PatternError, RecordError
from trailbell.pattern.condition import Condition
from trailbell.pattern.matcher import MISSING, Matcher, compile_conjunction, leaves
from trailbell.pattern.tree import Conjunction, copy_pattern, read_tree, settle

__all__ = ["MISSING", "Condition", "Conjunction", "Matcher", "Pattern", "compile_conjunction", "leaves"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pattern:
    """An event pattern, checked and ready to match."""

    source: Mapping[str, Any]
    """The mapping it was parsed from."""
    conjunctions: tuple[Conjunction, ...] = field(repr=False)
    """Every way through its `$or`s; one must hold."""

    @cached_property
    def matchers(self) -> tuple[Matcher, ...]:
        """Return one for each conjunction. A RuleSet makes its own, so most patterns never need theirs."""
        return tuple(compile_conjunction(conjunction) for conjunction in self.conjunctions)

    @classmethod
    def parse(cls, mapping: Mapping[str, Any]) -> "Pattern":
        """Check and compile a pattern. Raises PatternError with what is wrong, at which field, and what to do."""
        if not isinstance(mapping, Mapping):
            raise PatternError(f"the pattern: it is {type(mapping).__name__}; write an object of fields")
        try:
            source = copy_pattern(mapping)
            conjunctions = tuple(settle(way) for way in read_tree(source))
        except RecursionError as error:
            raise PatternError("the pattern: it is nested too deeply; flatten it") from error
        return cls(source=source, conjunctions=conjunctions)

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Tell whether a record matches. Raises RecordError where it is no object, or nested too deeply to be read."""
        if not isinstance(record, Mapping):
            raise RecordError(f"the record is {type(record).__name__}, not a JSON object; look at the event by hand")
        try:
            return any(matcher(record) for matcher in self.matchers)
        except RecursionError as error:
            raise RecordError("the record is nested too deeply to be matched; look at it by hand") from error

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pattern):
            return NotImplemented
        return self._text() == other._text()

    def __hash__(self) -> int:
        return hash(self._text())

    def _text(self) -> str:
        """JSON, because Python holds that `True == 1`."""
        return json.dumps(self.source, sort_keys=True)
