"""Sign-in: `signin.amazonaws.com`."""

from trailbell.aws.service import Service
from trailbell.call.lookup import Call


def console_login(call: Call) -> str | None:
    """Tell that somebody signed in, and how; failures are told by their own words."""
    how = {True: " with MFA", False: " without MFA", None: ""}[call.record.principal.mfa]
    return f"sign in to the console{how}"


SERVICE = Service(
    source="signin",
    name="Sign-in",
    without_resource={
        "CheckMfa": "a step of a sign-in: the principal is the one that it is about",
        "ConsoleLogin": "a sign-in: the principal is the one that it is about",
        "ExitRole": "a sign-in: the principal is the one that it is about",
        "SwitchRole": "a sign-in: the principal is the one that it is about",
    },
    sentences={"ConsoleLogin": console_login},
)
