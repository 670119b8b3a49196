"""The user agent in a word or two."""

import re

CONSOLE = "AWS console"
_MARKS: tuple[tuple[str, str], ...] = (
    (r"^console\.[a-z0-9.-]*amazonaws\.com$|^[a-z0-9-]+\.console\.|^signin\.amazonaws\.com$", CONSOLE),
    (r"\bS3Console/|\bRDS Console\b|\bAWSConsole|aws-console-|\bConsole\b.*aws-internal", CONSOLE),
    (r"exec-env/CloudShell", "AWS CloudShell"),
    (r"\bTerraform/|terraform-provider-aws", "Terraform"),
    (r"\bOpenTofu/", "OpenTofu"),
    (r"\bPulumi\b|pulumi-aws", "Pulumi"),
    (r"\baws-cdk\b|\bcdk/", "AWS CDK"),
    (r"\bAnsible\b|ansible/", "Ansible"),
    (r"^cloudformation\.amazonaws\.com", "CloudFormation"),
    (r"\bCloudCustodian\b|\bc7n/", "Cloud Custodian"),
    (r"\bPacker/|\[?APN/1\.0 HashiCorp/1\.0 Packer", "Packer"),
    (r"stratus-red-team", "Stratus Red Team"),
    (r"\bpacu\b", "Pacu"),
    (r"\baws-cli/", "aws-cli"),
    (r"\bAWSPowerShell|AWSToolsForPowerShell|aws-tools-for-powershell", "AWS Tools for PowerShell"),
    (r"\bBoto3/|\bBotocore/|\bBoto/", "Boto3"),
    (r"amazon-ssm-agent", "SSM agent"),
    (r"\baws-sdk-go(?:-v2)?/", "AWS SDK for Go"),
    (r"\baws-internal/|^Coral/", "AWS Internal"),  # AWS's own clients, in front of the SDK that they are made with
    (r"\baws-sdk-java/", "AWS SDK for Java"),
    (r"\baws-sdk-python/", "AWS SDK for Python"),
    (r"\bS3 Browser\b", "S3 Browser"),
    (r"\baws-sdk-(?:nodejs|js)/", "AWS SDK for JavaScript"),
    (r"\baws-sdk-ruby\d?/", "AWS SDK for Ruby"),
    (r"\baws-sdk-php/", "AWS SDK for PHP"),
    (r"\baws-sdk-dotnet|\baws-sdk-net", "AWS SDK for .NET"),
    (r"\baws-sdk-rust/", "AWS SDK for Rust"),
    (r"\baws-sdk-(?:cpp|c\+\+)/", "AWS SDK for C++"),
    (r"\baws-sdk-kotlin/", "AWS SDK for Kotlin"),
    (r"\baws-sdk-swift/", "AWS SDK for Swift"),
    (r"\bcurl/", "curl"),
    (r"\bElasticWolf\b", "ElasticWolf"),
    (r"^Mozilla/", "browser"),
)  # fmt: skip
_COMPILED = tuple((re.compile(mark, re.IGNORECASE), word) for mark, word in _MARKS)
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_FIRST_WORD = re.compile(r"\[?([A-Za-z][A-Za-z0-9_.-]{1,30})")
LONGEST_READ = 512
"""Characters of a user agent that are looked at."""


def name_client(user_agent: str | None, *, console: bool) -> str:
    """Return what made the call: `AWS console`, `aws-cli`, `Terraform`, a service, or the agent's own first word."""
    if console:
        return CONSOLE
    if user_agent is None:
        return "unknown client"
    read = user_agent[:LONGEST_READ]
    if read.rstrip(";") == "AWS Internal":
        return "AWS Internal"
    for mark, word in _COMPILED:
        if mark.search(read):
            return word
    if _SERVICE.fullmatch(read):
        return read
    first = _FIRST_WORD.match(read)
    return first[1] if first else "unknown client"


def is_console(user_agent: str | None) -> bool:
    """Tell whether the console sent this user agent."""
    return user_agent is not None and any(
        mark.search(user_agent[:LONGEST_READ]) for mark, word in _COMPILED if word == CONSOLE
    )
