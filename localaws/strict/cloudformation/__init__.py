"""CloudFormation, as strict as AWS's about properties, and with the types that MiniStack lacks."""
