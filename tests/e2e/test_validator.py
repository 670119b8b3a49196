"""AppConfig asks the deployed validator itself, whoever starts the deployment."""

import pytest
from botocore.exceptions import ClientError

from localaws.deployment import Deployment

pytestmark = pytest.mark.e2e


def test_appconfig_refuses_what_the_validator_refuses(deployment: Deployment) -> None:
    client, outputs = deployment.aws.client("appconfig"), deployment.outputs
    profile = {
        "ApplicationId": outputs["ConfigApplication"],
        "ConfigurationProfileId": outputs["ConfigProfile"],
    }
    content = b'{"rules": "none"}'
    hosted = client.create_hosted_configuration_version(**profile, Content=content, ContentType="application/json")
    version = str(hosted["VersionNumber"])
    try:
        with pytest.raises(ClientError) as refused:
            client.start_deployment(
                **profile,
                EnvironmentId=outputs["ConfigEnvironment"],
                DeploymentStrategyId=outputs["ConfigStrategyAtOnce"],
                ConfigurationVersion=version,
            )
        assert refused.value.response["Error"]["Code"] == "BadRequestException"
        with pytest.raises(ClientError, match="BadRequestException"):
            client.validate_configuration(**profile, ConfigurationVersion=version)
    finally:
        client.delete_hosted_configuration_version(**profile, VersionNumber=hosted["VersionNumber"])
