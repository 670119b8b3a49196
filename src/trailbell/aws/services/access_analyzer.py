"""IAM Access Analyzer: `access-analyzer.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="access-analyzer",
    name="IAM Access Analyzer",
    members={"AWS::AccessAnalyzer::Analyzer": "analyzername analyzerarn"},
)
