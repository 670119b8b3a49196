"""WAF Classic: `waf.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="waf",
    name="WAF Classic",
    members={
        "AWS::WAF::WebACL": "webaclid",
        "AWS::WAF::Rule": "ruleid",
        "AWS::WAF::IPSet": "ipsetid",
    },
)
