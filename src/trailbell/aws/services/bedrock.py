"""Bedrock: `bedrock.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="bedrock",
    name="Bedrock",
    members={
        "AWS::Bedrock::FoundationModel": "modelid",
        "AWS::Bedrock::Agent": "agentid agentname",
        "AWS::Bedrock::Guardrail": "guardrailid guardrailidentifier",
        "AWS::Bedrock::ModelCustomizationJob": "jobname jobarn",
        "AWS::Bedrock::CustomModel": "custommodelname",
        "AWS::Bedrock::KnowledgeBase": "knowledgebaseid",
    },
    arn_types={
        "agent": "AWS::Bedrock::Agent",
        "guardrail": "AWS::Bedrock::Guardrail",
    },
)
