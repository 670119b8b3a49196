"""Counts what became of findings: by rule, by day, by who caused them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from trailbell.cli.replay.judging import Judged
from trailbell.contract.outcomes import Outcome
from trailbell.record import Principal
from trailbell.rule import SEVERITIES, Rule


@dataclass(slots=True, kw_only=True)
class RuleTally:
    """The counts of one rule."""

    rule: Rule
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    """Alerts by day (UTC): `2026-11-01`."""
    principals: Counter[str] = field(default_factory=Counter)
    """Alerts by who caused them."""
    suppressions: Counter[str] = field(default_factory=Counter)
    """Findings by the suppression that held them back."""

    @property
    def alerts(self) -> int:
        """Return how often it alerts."""
        return self.outcomes["alerted"]


class Tally:
    """The counts of a replay."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.id: RuleTally(rule=rule) for rule in rules}

    def add(self, judged: Judged) -> None:
        """Count one finding."""
        finding = judged.finding
        rule = self._rules[finding.rule.id]
        rule.outcomes[judged.outcome] += 1
        if judged.suppression_id is not None:
            rule.suppressions[judged.suppression_id] += 1
        elif judged.outcome == "alerted":
            rule.days[finding.record.event.time.date().isoformat()] += 1
            rule.principals[who(finding.record.principal)] += 1

    @property
    def rules(self) -> list[RuleTally]:
        """Return the rules that found anything, the noisiest first, and among equals the most severe."""
        found = [rule for rule in self._rules.values() if rule.outcomes]
        return sorted(found, key=lambda each: (-each.alerts, -SEVERITIES.index(each.rule.severity), each.rule.id))

    def total(self, outcome: Outcome) -> int:
        """Return how many findings came to that end."""
        return sum(rule.outcomes[outcome] for rule in self._rules.values())

    @property
    def suppressions(self) -> Counter[str]:
        """Return how many findings each suppression held back."""
        return sum((rule.suppressions for rule in self._rules.values()), Counter())


def who(principal: Principal) -> str:
    """Return who acted, whatever session it was: a program's sessions have names that change with every run."""
    if principal.kind == "human" or not principal.session_issuer or ":role/" not in principal.session_issuer:
        return principal.display
    role = principal.session_issuer.rpartition("/")[2]
    elsewhere = principal.account_id and f" of account {principal.account_name or principal.account_id}"
    return f"role {role}{elsewhere if 'of account' in principal.display else ''}"
