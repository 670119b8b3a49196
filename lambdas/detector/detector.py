"""The detector: what becomes of one event, by the config in force."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.errors import DeliveryError, InProgressError, RecordError
from trailbell.functions.detector.books import Books
from trailbell.functions.detector.live_config import Count
from trailbell.functions.detector.meter import Meter
from trailbell.outbox.heartbeat import is_heartbeat
from trailbell.pipeline import Pipeline
from trailbell.tables.claims import Once

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.contract.outcomes import Outcome, Settlement
    from trailbell.finding import Finding
    from trailbell.follow_up import PendingFollowUp

logger = Logger()


class Detector:
    """Runs the pipeline of the config in force on one event and publishes what it finds."""

    def __init__(
        self,
        *,
        live: Callable[[Count], Pipeline],
        once: Once,
        remember: "Callable[[PendingFollowUp], None]",
        publish: "Callable[[Alert], None]",
        beat: Callable[[str], None],
        meter: Meter,
    ) -> None:
        self._live = live
        self._remember = remember
        self._once = once
        self._publish = publish
        self._beat = beat
        self._meter = meter
        self._logged_version: str | None = None
        """What log lines tell of the config; the logger keeps it between events."""

    def handle(self, event: object, context: LambdaContext) -> None:
        """Publish the alerts of one EventBridge event.

        Raises RecordError for what is no CloudTrail event, and DeliveryError once every finding was tried: Lambda then
        retries the event, and keeps it in the dead-letter queue if that does not help.
        """
        books = Books()
        books.count("Received")
        config_version = None
        try:
            pipeline = self._live(books.count)
            config_version = pipeline.config_version
            if config_version != self._logged_version:
                logger.append_keys(config_version=config_version)
                self._logged_version = config_version
            if is_heartbeat(event):
                self._pass_on_heartbeat(pipeline, books)
                return
            findings = self._find(event, pipeline, books)
            failed = [finding.id for finding in findings if not self._settle(finding, pipeline, context, books)]
        finally:
            balanced = books.close()
            self._meter.books(books.entries, config_version)
            if "Findings" in books.entries or not balanced:
                logger.info("Books", extra=dict(books.entries))
        if failed:
            raise DeliveryError(f"{len(failed)} of {len(findings)} findings could not be settled: {', '.join(failed)}")

    def _pass_on_heartbeat(self, pipeline: Pipeline, books: Books) -> None:
        try:
            self._beat(pipeline.config_version)
        except DeliveryError:
            books.count("HeartbeatFailed")
            raise
        books.count("Heartbeat")
        logger.info("Heartbeat published")

    def _find(self, event: object, pipeline: Pipeline, books: Books) -> "tuple[Finding, ...]":
        try:
            findings = pipeline.find(event)
        except RecordError as error:
            books.count("Unreadable")
            logger.error("Cannot read the event; it goes to the dead-letter queue", reason=str(error))  # noqa: TRY400 - the reason says it all; a traceback would bury it
            raise
        books.count("Matched" if findings else "Unmatched")
        if findings:
            books.count("Findings", len(findings))
        return findings

    def _settle(self, finding: "Finding", pipeline: Pipeline, context: LambdaContext, books: Books) -> bool:
        """Decide one finding, and publish its alert; one that fails does not stop the next."""
        fields = {"finding_id": finding.id, "rule": finding.rule.id}
        outcome: Settlement
        try:
            if finding.suppression_id is None:
                outcome = self._once(claim_of(finding), lambda: self._act(finding, pipeline), context) or "repeated"
            else:
                # Nothing is sent and no window counts it, so there is nothing to do only once.
                outcome, fields["suppression"] = "suppressed", finding.suppression_id
        except InProgressError as error:
            # It has to come again all the same: the other attempt may die.
            logger.info("Finding is being settled by another attempt", extra=fields, reason=str(error))
            books.settle("in_progress")
            return False
        except Exception:  # a defect that one finding brings to light must not keep the others from people
            logger.exception("Finding not settled", extra=fields)
            books.settle("failed")
            return False
        if outcome != "alerted":
            logger.info("Finding not sent", extra={**fields, "outcome": outcome})
        books.settle(outcome)
        return True

    def _act(self, finding: "Finding", pipeline: Pipeline) -> "Outcome":
        verdict = pipeline.judge(finding)
        if verdict.outcome == "alerted":
            from trailbell.follow_up import pending_of

            alert = pipeline.make_alert(finding, verdict)
            # Before the alert: after a crash in between it is remembered again, in the same place.
            for pending in pending_of(alert, verdict.opened):
                self._remember(pending)
            self._publish(alert)
            logger.info(
                "Alert published",
                alert_id=alert.id,
                rule=alert.rule.id,
                severity=alert.severity,
                repeats=alert.repeats,
                event_delay_seconds=round(alert.delay_seconds, 3),
            )
            self._meter.alert(alert)
        return verdict.outcome


def claim_of(finding: "Finding") -> list[str]:
    """Return what tells a finding from every other.

    The account: one call across accounts is two events. The test flag: nobody can claim for what AWS sends.
    """
    return [finding.id, finding.record.event.account_id, "test" if finding.test else "aws"]
