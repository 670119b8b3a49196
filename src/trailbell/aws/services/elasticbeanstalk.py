"""Elastic Beanstalk: `elasticbeanstalk.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="elasticbeanstalk",
    name="Elastic Beanstalk",
    members={
        "AWS::ElasticBeanstalk::Application": "applicationname",
        "AWS::ElasticBeanstalk::Environment": "environmentname environmentid",
    },
)
