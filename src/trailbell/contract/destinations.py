"""The enumerations around destinations."""

from typing import Literal

NotifierKind = Literal["slack", "topic", "webhook", "teams", "pagerduty", "security-hub"]
"""Destinations that need a function, as the config's routes call them; `slack/soc` is the label `soc` of `slack`."""
HttpsFormat = Literal["json", "text", "amazon-q"]
"""What SNS sends to HTTPS subscribers; `amazon-q` is what Amazon Q Developer in chat applications shows."""
PagerDutyRegion = Literal["us", "eu"]
"""The service region of a PagerDuty account."""
