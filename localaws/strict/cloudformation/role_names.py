"""The name of a role, which an account has once: MiniStack's CloudFormation puts a second role in the first's place."""

from ministack.services import iam

from localaws.strict.cloudformation.types import Properties, handlers


def install() -> None:
    """Fail a stack that makes a role of a name that is taken, in whatever region."""
    made_with = handlers("AWS::IAM::Role")
    create = made_with["create"]

    def create_once(logical_id: str, properties: Properties, stack_name: str) -> object:
        name = properties.get("RoleName")
        if name in iam._roles:
            raise ValueError(f"EntityAlreadyExists: Role with name {name} already exists.")
        return create(logical_id, properties, stack_name)

    made_with["create"] = create_once
