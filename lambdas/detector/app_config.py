"""Reads the live config from AppConfig, by Powertools, and keeps it for a while."""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from trailbell.contract.environments import LiveConfigEnvironment
from trailbell.errors import StateError
from trailbell.runtime.clients import client_config

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import AppConfigProvider

MAX_AGE_SECONDS = 20
"""How long a live config is used before AppConfig is asked whether there is a newer one."""
ATTEMPTS = 2
"""Each with a session of its own."""


class AppConfig:
    """The hosted configuration that is deployed to the environment."""

    def __init__(
        self,
        environment: LiveConfigEnvironment,
        *,
        max_age_seconds: int = MAX_AGE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._environment = environment
        self._max_age_seconds = max_age_seconds
        self._clock = clock
        self._provider: AppConfigProvider | None = None
        self._content: bytes | None = None
        """The last answer; None where there was none."""
        self._holds_until = -math.inf

    def read(self) -> bytes:
        """Return the content; the same object while it is the same version.

        Raises StateError where AppConfig does not answer. An answer holds for `max_age_seconds`, and so does its want:
        an outage costs one wait and not one for each event.
        """
        if self._clock() >= self._holds_until:
            self._content = None
            try:
                self._content = self._ask()
            finally:
                self._holds_until = self._clock() + self._max_age_seconds
        if self._content is None:
            raise StateError("AppConfig did not answer a moment ago")
        return self._content

    def connect(self) -> None:
        """Make the client; nothing is asked yet."""
        self._connected()

    def _ask(self) -> bytes:
        from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

        reasons = []
        for _ in range(ATTEMPTS):
            try:
                content = self._connected().get(self._environment.config_profile, force_fetch=True)
            except GetParameterError as error:
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

            self._provider = AppConfigProvider(
                environment=self._environment.config_environment,
                application=self._environment.config_application,
                boto_config=client_config("appconfigdata"),
            )
        return self._provider
