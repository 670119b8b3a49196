"""Security Hub: `securityhub.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="securityhub",
    name="Security Hub",
    members={
        "AWS::SecurityHub::Hub": "hubarn",
        "AWS::SecurityHub::Standard": "standardssubscriptionarns standardsarn",
        "AWS::SecurityHub::Insight": "insightarn",
        "AWS::Organizations::Account": "accountids",
    },
    without_resource={"DisableSecurityHub": "a setting of the account in a region"},
    sentences={
        "DisableSecurityHub": "switch off Security Hub",
        "BatchDisableStandards": "switch off Security Hub standard {#standardsSubscriptionArns}",
    },
)
