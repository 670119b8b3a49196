"""The alert as text."""

from trailbell.alert import Alert


def subject(alert: Alert) -> str:
    """Return the e-mail's subject."""
    return f"[{alert.severity}] {alert.rule.title}"[:99]


def text(alert: Alert) -> str:
    """Return the e-mail's text."""
    lines = [alert.summary, f"{alert.principal} {alert.origin} {alert.event}"]
    return "\n".join([*lines, *(f"{resource.type} {resource.id} {resource.url}" for resource in alert.resources)])
