"""What functions remember: which findings are settled, which alerts are delivered, and what the windows count."""

from aws_cdk import RemovalPolicy, aws_dynamodb
from constructs import Construct

from trailbell.contract.tables import (
    CLAIMS_KEY,
    CLAIMS_TTL,
    DUE_AT,
    DUE_INDEX,
    DUE_SHARD,
    WINDOWS_KEY,
    WINDOWS_SORT_KEY,
    WINDOWS_TTL,
)


class State(Construct):
    """Two DynamoDB tables, paid for by request.

    Two, because Powertools' idempotency would put all its items into one partition of a table with a sort key.
    Encrypted with DynamoDB's own key, which costs nothing: entries hold rule ids, event ids, hashes, the names and
    addresses that a follow-up tells, and redacted alerts that a storm holds back for a minute.
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.claims = self._table("Claims", key=CLAIMS_KEY, sort_key=None, time_to_live=CLAIMS_TTL)
        self.windows = self._table("Windows", key=WINDOWS_KEY, sort_key=WINDOWS_SORT_KEY, time_to_live=WINDOWS_TTL)
        self.windows.add_global_secondary_index(
            index_name=DUE_INDEX,
            partition_key=aws_dynamodb.Attribute(name=DUE_SHARD, type=aws_dynamodb.AttributeType.STRING),
            sort_key=aws_dynamodb.Attribute(name=DUE_AT, type=aws_dynamodb.AttributeType.NUMBER),
            projection_type=aws_dynamodb.ProjectionType.KEYS_ONLY,
        )
        self.due_index_arn = f"{self.windows.table_arn}/index/{DUE_INDEX}"

    def _table(self, id_: str, *, key: str, sort_key: str | None, time_to_live: str) -> aws_dynamodb.Table:
        text = aws_dynamodb.AttributeType.STRING
        return aws_dynamodb.Table(
            self,
            id_,
            partition_key=aws_dynamodb.Attribute(name=key, type=text),
            sort_key=aws_dynamodb.Attribute(name=sort_key, type=text) if sort_key else None,
            time_to_live_attribute=time_to_live,
            billing_mode=aws_dynamodb.BillingMode.PAY_PER_REQUEST,
            # Without the memory of first_seen everything is new, and everyone is told of it.
            point_in_time_recovery_specification=aws_dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.DESTROY,
        )
