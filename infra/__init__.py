"""What is deployed: stacks compose, a construct a file, every grant in `grants`.

`AuditAlerter` is all of it, for a CDK app of anybody's.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trailbell.infra.audit_alerter import AuditAlerter

__all__ = ["AuditAlerter"]


def __getattr__(name: str) -> Any:
    """Load `AuditAlerter` when it is asked for: the CDK takes seconds, and the settings need none of it.

    Raises ImportError where the CDK is not installed.
    """
    if name != "AuditAlerter":
        raise AttributeError(f"module {__name__} has no attribute {name}")
    try:
        from trailbell.infra.audit_alerter import AuditAlerter
    except ModuleNotFoundError as error:
        raise ImportError(f"{error.name} is not installed: pip install 'trailbell[deploy]'", name=error.name) from error
    return AuditAlerter
