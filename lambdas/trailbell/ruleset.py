"""Many rules, one matcher."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.rules import Rule


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules, ready to match."""

    rules: tuple[Rule, ...]

    @classmethod
    def compile(cls, rules: Iterable[Rule]) -> "RuleSet":
        """Make the matcher."""
        return cls(tuple(rules))

    def match(
        self, record: Mapping[str, Any], facts: Callable[[], Mapping[str, Any]] | None = None
    ) -> tuple[Rule, ...]:
        """Return the rules that match, in their order."""
        seen = {**record, "trailbell": facts() if facts else {}}
        return tuple(
            rule
            for rule in self.rules
            if rule.match.matches(seen) and not any(exception.matches(seen) for exception in rule.exceptions)
        )
