"""Where Trailbell's own alarms go: a plain topic that does not depend on what they watch."""

from aws_cdk import Stack, aws_iam, aws_kms, aws_sns, aws_sns_subscriptions
from constructs import Construct


class Health(Construct):
    """A topic that the account's alarms may publish to, and nobody else."""

    def __init__(self, scope: Construct, id_: str, *, key: aws_kms.Key, alarm_email: str | None) -> None:
        """Make the topic, and let alarms encrypt with its key."""
        super().__init__(scope, id_)
        self.topic = aws_sns.Topic(
            self, "HealthTopic", display_name="Trailbell health", master_key=key, enforce_ssl=True
        )
        key.add_to_resource_policy(
            aws_iam.PolicyStatement(
                sid="AlarmsEncrypt",
                principals=[aws_iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["kms:GenerateDataKey", "kms:Decrypt"],
                resources=["*"],  # a key policy's resource is its key
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        # A topic policy of one's own takes the place of the default one, by which alarms of the account may publish.
        self.topic.add_to_resource_policy(
            aws_iam.PolicyStatement(
                sid="AlarmsPublish",
                principals=[aws_iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if alarm_email:
            self.topic.add_subscription(aws_sns_subscriptions.EmailSubscription(alarm_email))
