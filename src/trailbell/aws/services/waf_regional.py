"""WAF Classic, regional: `waf-regional.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="waf-regional",
    name="waf-regional",
    members={
        "AWS::WAFRegional::WebACL": "webaclid",
        "AWS::WAFRegional::Rule": "ruleid",
    },
)
