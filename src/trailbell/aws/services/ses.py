"""SES: `ses.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="ses",
    name="SES",
    members={
        "AWS::SES::EmailIdentity": "identity emailidentity emailaddress domain",
        "AWS::SES::ConfigurationSet": "configurationsetname",
        "AWS::SES::ReceiptRule": "rulename",
    },
    sentences={"VerifyEmailIdentity": "add sender {emailAddress} to SES"},
)
