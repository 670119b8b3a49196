"""WAF: `wafv2.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="wafv2",
    name="WAF",
    members={
        "AWS::WAFv2::WebACL": "webaclarn ^name",
        "AWS::WAFv2::IPSet": "ipsetarn",
    },
    arn_types={
        "regional": "AWS::WAFv2::WebACL",
        "global": "AWS::WAFv2::WebACL",
    },
    sentences={
        "DeleteWebACL": "delete web ACL {name}",
        "DisassociateWebACL": "take the web ACL off {#resourceArn}",
    },
)
