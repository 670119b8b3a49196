"""Reads the live config from AppConfig, with Powertools' cache."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from detector.settings import AppConfigNames
from trailbell.errors import StateError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import AppConfigProvider

ATTEMPTS = 2
"""Each with a session of its own."""


class AppConfig:
    """The hosted configuration that is deployed to the environment."""

    def __init__(self, names: AppConfigNames, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._names = names
        self._clock = clock
        self._provider: AppConfigProvider | None = None
        self._failed_at: float | None = None

    def read(self) -> bytes:
        """Return the content; the same object while it is the same version.

        Raises StateError where AppConfig does not answer; for as long as a good answer would be kept, it is then not
        asked again, so that an outage costs one wait and not one for each event.
        """
        if self._failed_at is not None and self._clock() - self._failed_at < self._names.max_age_seconds:
            raise StateError("AppConfig did not answer a moment ago")
        try:
            content = self._ask()
        except StateError:
            self._failed_at = self._clock()
            raise
        self._failed_at = None
        return content

    def _ask(self) -> bytes:
        reasons = []
        for _ in range(ATTEMPTS):
            try:
                content = self._connected().get(self._names.profile, max_age=self._names.max_age_seconds)
            except Exception as error:
                # Imported when there is an error to tell: this is on every event's way.
                from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

                if not isinstance(error, GetParameterError):
                    raise
                # A session's token is good for one answer: after a failure, the session may be of no use.
                self._provider = None
                reasons.append(str(error))
            else:
                return content if isinstance(content, bytes) else b""
        raise StateError(f"AppConfig did not answer: {'; '.join(reasons)}")

    def _connected(self) -> "AppConfigProvider":
        if self._provider is None:
            # Imported here: it brings boto3.
            from aws_lambda_powertools.utilities.parameters import AppConfigProvider
            from botocore.config import Config

            # The last good config is at hand: better go on with it than wait.
            config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
            self._provider = AppConfigProvider(
                environment=self._names.environment, application=self._names.application, boto_config=config
            )
        return self._provider
