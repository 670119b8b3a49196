"""EventBridge: `events.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="events",
    name="EventBridge",
    members={
        "AWS::Events::Rule": "^name ^rule rulearn",
        "AWS::Events::EventBus": "eventbusname ^name",
        "AWS::Events::Archive": "archivename",
        "AWS::Events::Connection": "connectionarn",
    },
    arn_types={
        "rule": "AWS::Events::Rule",
        "event-bus": "AWS::Events::EventBus",
    },
    pages={"AWS::Events::Rule": "events/home?region={region}#/eventbus/default/rules/{id}"},
    undo={"DisableRule": "events enable-rule --name {name} --event-bus-name {?eventBusName}"},
)
