"""The stages in order, and nothing else: record, rules, suppressions, windows, alert."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trailbell.config.model import Config, Suppression
from trailbell.names import Names
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.store import Store

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.finding import Finding, Verdict

Facts = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """What turns the record of a source into the alerts it deserves.

    `find` needs no state, so an event that matches nothing costs nothing; `judge` asks the store. Its caller sees to it
    that each finding is judged and delivered once. What only some events need is imported when the first one needs it:
    most cold starts are for an event that no rule matches.
    """

    ruleset: RuleSet
    names: Names
    config_version: str
    clock: Callable[[], datetime]
    """Returns now, aware, in UTC."""
    store: Store
    """What the windows remember."""
    suppressions: Mapping[str, Suppression]
    """By id."""
    suppressing: RuleSet
    """The suppressions' patterns, as rules of the same ids."""
    route: "Callable[[Finding], tuple[str, ...]]"
    """Returns the destinations of a finding's alert."""

    @classmethod
    def from_config(cls, config: Config, *, store: Store, clock: Callable[[], datetime]) -> "Pipeline":
        """Make the pipeline that a config asks for."""
        return cls(
            ruleset=RuleSet.compile(config.rules),
            names=config.names,
            config_version=config.version,
            clock=clock,
            store=store,
            suppressions={suppression.id: suppression for suppression in config.suppressions},
            suppressing=RuleSet.compile(suppression.as_rule() for suppression in config.suppressions),
            route=lambda finding: config.destinations_of(
                finding.rule, account_id=finding.record.event.account_id, region=finding.record.event.region
            ),
        )

    def find(self, sourced: SourcedRecord) -> "tuple[Finding, ...]":
        """Return the findings of one record, none where no rule matches. Raises RecordError."""
        facts = _Facts(self, sourced.record)
        matched = self.ruleset.match(sourced.record, facts)
        return self.found(sourced, matched, facts) if matched else ()

    def read_facts(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Work out the facts of a record that the config's patterns look at."""
        from trailbell.facts.reader import read_facts

        return read_facts(record, self.names, self.ruleset.fact_groups | self.suppressing.fact_groups)

    def found(self, sourced: SourcedRecord, matched: Sequence[Rule], facts: Facts) -> "tuple[Finding, ...]":
        """Return the findings of a record that these rules match."""
        from trailbell.finding import Finding
        from trailbell.read.reader import read_record
        from trailbell.redact import redact

        suppressed = self._suppressed(sourced.record, facts)
        record = read_record(redact(sourced.record), self.names)
        return tuple(
            Finding(rule=rule, record=record, test=sourced.test, suppression_id=suppressed(rule.id)) for rule in matched
        )

    def judge(self, finding: "Finding") -> "Verdict":
        """Decide what becomes of a finding. Raises StateError."""
        from trailbell.finding import Verdict
        from trailbell.windows.judge import judge

        if finding.suppression_id is not None:
            return Verdict(outcome="suppressed")
        return judge(finding, self.store, self.clock())

    def make_alert(self, finding: "Finding", verdict: "Verdict") -> "Alert":
        """Say it."""
        from trailbell.alert import build_alert
        from trailbell.words.sentence import describe
        from trailbell.words.undo import undo_command

        return build_alert(
            finding=finding,
            verdict=verdict,
            words=describe(finding.record, self.names),
            undo=undo_command(finding.record),
            destinations=self.route(finding),
            now=self.clock(),
            config_version=self.config_version,
        )

    def run(self, sourced: SourcedRecord) -> "tuple[Alert, ...]":
        """Return the alerts of one record, all stages in a row. Raises RecordError and StateError."""
        verdicts = [(finding, self.judge(finding)) for finding in self.find(sourced)]
        return tuple(self.make_alert(finding, verdict) for finding, verdict in verdicts if verdict.outcome == "alerted")

    def _suppressed(self, record: Mapping[str, Any], facts: Facts) -> Callable[[str], str | None]:
        """Return what tells the suppression that holds back a rule's finding today, by the rule's id."""
        matched = [self.suppressions[rule.id] for rule in self.suppressing.match(record, facts)]
        today = self.clock().date()
        return lambda rule_id: next((each.id for each in matched if each.holds(rule_id=rule_id, today=today)), None)


class _Facts:
    """Works the facts of a record out once, if asked; cheaper to make for each than a `functools.cache`."""

    __slots__ = ("_facts", "_pipeline", "_record")

    def __init__(self, pipeline: Pipeline, record: Mapping[str, Any]) -> None:
        self._pipeline = pipeline
        self._record = record
        self._facts: Mapping[str, Any] | None = None

    def __call__(self) -> Mapping[str, Any]:
        if self._facts is None:
            self._facts = self._pipeline.read_facts(self._record)
        return self._facts
