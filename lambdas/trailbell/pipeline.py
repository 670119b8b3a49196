"""The stages in order, and nothing else: envelope, record, rules, alert."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trailbell.alert import Alert, build_alert
from trailbell.names import Names
from trailbell.normalise import describe, open_envelope, read_facts, read_record, redact, undo_command
from trailbell.ruleset import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """What turns one EventBridge event into the alerts it deserves."""

    ruleset: RuleSet
    names: Names
    config_version: str
    clock: Callable[[], datetime]
    """Returns now, aware, in UTC."""

    def run(self, event: object) -> tuple[Alert, ...]:
        """Return the alerts of one EventBridge event, none where no rule matches. Raises RecordError."""
        envelope = open_envelope(event)
        matched = self.ruleset.match(envelope.record, lambda: read_facts(envelope.record, self.names))
        if not matched:
            return ()
        record = read_record(redact(envelope.record), self.names)
        words, undo = describe(record, self.names), undo_command(record)
        return tuple(
            build_alert(
                rule=rule,
                record=record,
                words=words,
                undo=undo,
                test=envelope.test,
                now=self.clock(),
                config_version=self.config_version,
            )
            for rule in matched
        )
