"""Lambda: `lambda.amazonaws.com`."""

from trailbell.aws.service import Service
from trailbell.call.lookup import Call, clip


def function_id(_kind: str, rest: str) -> str:
    """Leave out the version or the alias that an ARN ends in."""
    return rest.partition(":")[0]


def add_permission(call: Call) -> str | None:
    """Tell who may call a function."""
    function, principal = call.value("functionName"), call.value("principal")
    if function is None or principal is None:
        return None
    who = "everyone" if principal == "*" else call.account(principal) if principal.isdecimal() else clip(principal)
    return f"let {who} call function {clip(function.rpartition(':')[2])}"


def create_function_url(call: Call) -> str | None:
    """Tell whether a function's URL asks who calls."""
    function, auth = call.value("functionName"), call.value("authType")
    if function is None:
        return None
    return f"give function {clip(function)} a URL{' that everyone may call' if auth == 'NONE' else ''}"


SERVICE = Service(
    source="lambda",
    name="Lambda",
    members={
        "AWS::Lambda::Function": "functionname functionarn",
        "AWS::Lambda::LayerVersion": "layername layerarn",
        "AWS::Lambda::EventSourceMapping": "uuid",
        "AWS::Lambda::Alias": "aliasarn",
        "AWS::IAM::Role": "^role",
    },
    arn_types={
        "function": "AWS::Lambda::Function",
        "layer": "AWS::Lambda::LayerVersion",
        "event-source-mapping": "AWS::Lambda::EventSourceMapping",
    },
    arn_id=function_id,
    pages={"AWS::Lambda::Function": "lambda/home?region={region}#/functions/{id}"},
    sentences={
        "CreateFunction": "create function {functionName}",
        "DeleteFunction": "delete function {#functionName}",
        "UpdateFunctionCode": "replace the code of function {#functionName}",
        "UpdateFunctionConfiguration": "change the configuration of function {#functionName}",
        "RemovePermission": "take a permission away from function {#functionName}",
        "PublishLayerVersion": "publish a version of layer {#layerName}",
        "AddPermission": add_permission,
        "CreateFunctionUrlConfig": create_function_url,
        "UpdateFunctionUrlConfig": create_function_url,
    },
    undo={
        "CreateFunctionUrlConfig": "lambda delete-function-url-config --function-name {functionName} --qualifier {?qualifier}",
        "AddPermission": "lambda remove-permission --function-name {functionName} --statement-id {statementId} --qualifier {?qualifier}",
    },
)
