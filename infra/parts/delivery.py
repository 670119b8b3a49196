"""The alerts topic, and those who get its messages without a function in between."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, aws_iam, aws_kms, aws_sns, aws_sns_subscriptions
from constructs import Construct


class AlertsTopic(Construct):
    """An SNS topic with a key of its own: TLS only, and nobody publishes but Trailbell's own roles."""

    def __init__(self, scope: Construct, id_: str, *, emails: Sequence[str], routed: bool) -> None:
        """Make the topic. `routed` tells that the config has routes, so that e-mail gets only what they send it."""
        super().__init__(scope, id_)
        self.key = aws_kms.Key(
            self,
            "Key",
            description="Trailbell: encrypts the alerts topic",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.topic = aws_sns.Topic(self, "Topic", display_name="Trailbell", master_key=self.key, enforce_ssl=True)
        # Without routes there is nothing to filter, and nothing that a filter could hold back
        # (docs/decisions/0002-one-message-per-protocol.md).
        routed_to_email = aws_sns.SubscriptionFilter.string_filter(allowlist=["email"])
        policy = {"destinations": routed_to_email} if routed else None
        for email in emails:
            self.topic.add_subscription(aws_sns_subscriptions.EmailSubscription(email, filter_policy=policy))

    def publish_only_by(self, *roles: aws_iam.IRole) -> None:
        """Refuse everyone but these roles to publish, whatever their own policies allow.

        A topic policy of our own also takes the place of the default one, which lets the whole account subscribe.
        """
        self.topic.add_to_resource_policy(no_other_publishes(self.topic, *roles))


def no_other_publishes(topic: aws_sns.ITopic, *roles: aws_iam.IRole) -> aws_iam.PolicyStatement:
    """Return the statement that refuses everyone else to publish."""
    return aws_iam.PolicyStatement(
        sid="OnlyTrailbellPublishes",
        effect=aws_iam.Effect.DENY,
        principals=[aws_iam.AnyPrincipal()],
        actions=["sns:Publish"],
        resources=[topic.topic_arn],
        conditions={"ArnNotEquals": {"aws:PrincipalArn": [role.role_arn for role in roles]}},
    )
