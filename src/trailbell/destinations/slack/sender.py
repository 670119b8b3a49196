"""Sends alerts to Slack: by an incoming webhook, or a bot token with `chat.postMessage` and `chat.update`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger

from trailbell.alert import Alert, FollowUp
from trailbell.destinations.slack.api import Reply, SlackTarget, post, update
from trailbell.destinations.slack.target import SlackPlaces, parse_secret
from trailbell.destinations.transport.outcome import Outcome
from trailbell.errors import StateError
from trailbell.formats.digest import Digest
from trailbell.formats.slack import message
from trailbell.formats.slack.digest import digest_message
from trailbell.formats.slack.thread import with_repeats
from trailbell.tables.threads import Posted, Threads, key_of

FIRST_MAY_COME = timedelta(minutes=10)
"""How long a follow-up waits for the alert that it follows; after that it is a message of its own."""
FIRST_ASKED_SECONDS = 15
logger = Logger(child=True)


class Slack:
    """Posts alerts to Slack; with a bot token, what follows an alert goes into its thread."""

    def __init__(
        self,
        *,
        read_secret: Callable[[], str],
        places: SlackPlaces,
        threads: Threads,
        clock: Callable[[], datetime],
    ) -> None:
        self._read_secret = read_secret
        self._places = places
        self._threads = threads
        self._clock = clock

    def send(self, alert: Alert, label: str) -> Outcome:
        """Post the alert's message to the label's channel, or what follows an alert to that one's thread."""
        target = parse_secret(self._read_secret(), self._places, label)
        if target.token is None or alert.follow_up is None:
            return self._post(target, label, alert)
        first = self._threads.find(_name(label), key_of(alert.follow_up.of, alert))
        if first:
            return self._follow(target, first, alert, alert.follow_up)
        if self._clock() - alert.alerted_at < FIRST_MAY_COME:
            reason = "the alert that it follows is not in Slack yet"
            return Outcome(kind="try-later", reason=reason, retry_after_seconds=FIRST_ASKED_SECONDS)
        return post(target, message(alert)).outcome

    def send_digest(self, digest: Digest, label: str) -> Outcome:
        """Post the digest's message. What follows one of its alerts goes into its thread."""
        reply = post(parse_secret(self._read_secret(), self._places, label), digest_message(digest))
        self._keep(reply, label, digest.alerts)
        return reply.outcome

    def _post(self, target: SlackTarget, label: str, alert: Alert) -> Outcome:
        content = message(alert)
        reply = post(target, content)
        self._keep(reply, label, [alert], content)
        return reply.outcome

    def _keep(
        self, reply: Reply, label: str, alerts: Iterable[Alert], content: Mapping[str, Any] | None = None
    ) -> None:
        """Remember where some alerts stand: `send` of a follow-up looks there."""
        if reply.channel is None or reply.timestamp is None:
            return
        posted = Posted(channel=reply.channel, timestamp=reply.timestamp, message=content)
        keys = [key_of(alert.id, alert) for alert in alerts if alert.follow_up is None]
        try:
            self._threads.keep(_name(label), keys, posted)
        except StateError as error:
            # The message stands: to fail now would only post it again.
            logger.warning("Posted, but not remembered: what follows is a message of its own", reason=str(error))

    def _follow(self, target: SlackTarget, first: Posted, alert: Alert, follow_up: FollowUp) -> Outcome:
        """Put the count into the first message, then say in its thread what differed.

        In this order: the first may be done twice, when the second makes it all come back.
        """
        if first.message is not None:
            place = {"channel": first.channel, "ts": first.timestamp}
            changed = update(target, {**with_repeats(first.message, follow_up), **place}).outcome
            if changed.kind == "try-later":
                return changed
            if changed.kind == "refused":
                logger.warning("Slack does not let the first message be changed", reason=changed.reason)
        said = post(target, {**message(alert), "channel": first.channel, "thread_ts": first.timestamp}).outcome
        # The first message, or its channel, may be gone.
        return post(target, message(alert)).outcome if said.kind == "refused" else said


def _name(label: str) -> str:
    return f"slack/{label}" if label else "slack"
