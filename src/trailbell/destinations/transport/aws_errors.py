"""What an error of an AWS service means for the alert that it was asked to take."""

from trailbell.destinations.transport.outcome import Outcome

PASSING = frozenset(
    {
        "InternalError", "InternalErrorException", "InternalException", "InternalFailure", "KMSThrottling",
        "KMSThrottlingException", "LimitExceededException", "ServiceUnavailable", "ThrottledException", "Throttling",
        "ThrottlingException", "TooManyRequestsException",
    }
)  # fmt: skip
"""Error codes after which the same call may succeed."""


def judge(error: Exception) -> Outcome:
    """Tell whether to come back: after throttling, faults of the service, and when it could not be reached.

    A refusal for want of permission is for good until someone mends it: it goes to the dead-letter queue with its
    reason, and is redriven after that.
    """
    response = getattr(error, "response", None)
    if response is None:
        return Outcome(kind="try-later", reason=f"{type(error).__name__}: it could not be reached")
    code = str(response["Error"]["Code"])
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    passing = code in PASSING or status >= 500  # noqa: PLR2004 - HTTP's server errors
    return Outcome(kind="try-later" if passing else "refused", reason=code)
