"""SNS: `sns.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="sns",
    name="SNS",
    members={
        "AWS::SNS::Topic": "topicarn ^name",
        "AWS::SNS::Subscription": "subscriptionarn",
    },
    arn_types={"": "AWS::SNS::Topic"},
    pages={"AWS::SNS::Topic": "sns/v3/home?region={region}#/topic/{arn}"},
    sentences={
        "CreateTopic": "create topic {name}",
        "DeleteTopic": "delete topic {#topicArn}",
        "Subscribe": "subscribe {endpoint} ({protocol}) to topic {#topicArn}",
    },
)
