"""Calls that change something and yet name no resource, each with the reason."""

from collections.abc import Mapping

WITHOUT_RESOURCE: Mapping[str, str] = {
    "ec2.DisableEbsEncryptionByDefault": "a setting of the account in a region",
    "ec2.DisableSerialConsoleAccess": "a setting of the account in a region",
    "ec2.EnableEbsEncryptionByDefault": "a setting of the account in a region",
    "ec2.EnableSerialConsoleAccess": "a setting of the account in a region",
    "glue.PutDataCatalogEncryptionSettings": "the data catalog is the account's own and has no name",
    "glue.PutResourcePolicy": "without ResourceArn it is the data catalog's policy, which has no name",
    "iam.DeleteAccountPasswordPolicy": "an account has one password policy",
    "iam.UpdateAccountPasswordPolicy": "an account has one password policy",
    "organizations.LeaveOrganization": "it is about the account that calls",
    "securityhub.DisableSecurityHub": "a setting of the account in a region",
    "signin.CheckMfa": "a step of a sign-in: the principal is the one that it is about",
    "signin.ConsoleLogin": "a sign-in: the principal is the one that it is about",
    "signin.ExitRole": "a sign-in: the principal is the one that it is about",
    "signin.SwitchRole": "a sign-in: the principal is the one that it is about",
}
"""Event source without its domain, a dot, event name -> reason."""
