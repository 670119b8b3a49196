"""Config: `config.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="config",
    name="Config",
    members={
        "AWS::Config::ConfigRule": "configrulename",
        "AWS::Config::DeliveryChannel": "deliverychannelname",
        "AWS::Config::ConfigurationRecorder": "configurationrecordername",
        "AWS::Config::ConfigurationAggregator": "configurationaggregatorname",
        "AWS::Config::ConformancePack": "conformancepackname",
    },
    roles={"StartConfigurationRecorder": "changed"},
    sentences={
        "StopConfigurationRecorder": "stop configuration recorder {configurationRecorderName}",
        "StartConfigurationRecorder": "start configuration recorder {configurationRecorderName}",
        "DeleteConfigurationRecorder": "delete configuration recorder {configurationRecorderName}",
        "DeleteDeliveryChannel": "delete Config delivery channel {deliveryChannelName}",
        "DeleteConfigRule": "delete Config rule {configRuleName}",
    },
    undo={
        "StopConfigurationRecorder": "configservice start-configuration-recorder --configuration-recorder-name {configurationRecorderName}"
    },
)
