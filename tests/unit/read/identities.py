"""Identities other than sessions of roles, as records hold them, and what is to be told of them.

Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any

ACCOUNT = "111122223333"
NO_MFA = {"attributes": {"creationDate": "2026-03-02T09:14:11Z", "mfaAuthenticated": "false"}}
WITH_MFA = {"attributes": {"creationDate": "2026-03-02T09:14:11Z", "mfaAuthenticated": "true"}}
EKS_ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
ALICE = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE0000000001",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
    "accountId": ACCOUNT,
    "accessKeyId": "AKIAEXAMPLE000000001",
    "userName": "alice",
}

IDENTITIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "root with the account's alias as user name",
        {"userIdentity": {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root",
                          "accountId": ACCOUNT, "userName": "example-alias", "sessionContext": WITH_MFA},
         "userAgent": "Mozilla/5.0", "eventType": "AwsConsoleSignIn"},
        {"display": "root", "type": "Root", "kind": "human", "account_name": "production", "mfa": True, "console": True},
    ),
    (
        "root by AssumeRoot",
        {"userIdentity": {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root",
                          "accountId": ACCOUNT, "accessKeyId": "ASIAEXAMPLE000000001",
                          "sessionContext": {**NO_MFA, "assumedRoot": "true"}}},
        {"display": "root, by AssumeRoot", "credentials": "temporary", "mfa": False},
    ),
    (
        "service that calls as root, as before service-linked roles",
        {"userIdentity": {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root",
                          "accountId": ACCOUNT, "userName": "example-alias", "invokedBy": "autoscaling.amazonaws.com"},
         "sourceIPAddress": "autoscaling.amazonaws.com", "userAgent": "autoscaling.amazonaws.com"},
        {"display": "root, through autoscaling.amazonaws.com", "type": "Root", "kind": "service"},
    ),
    (
        "root's own key, through a service",
        {"userIdentity": {"type": "Root", "accountId": ACCOUNT, "accessKeyId": "AKIAEXAMPLE000000001",
                          "invokedBy": "cloudformation.amazonaws.com"}},
        {"display": "root", "kind": "human", "credentials": "long-term"},
    ),
    (
        "long-term key with the user agent of the console",
        {"userIdentity": ALICE, "userAgent": "console.amazonaws.com"},
        {"console": False, "kind": "unknown"},
    ),
    (
        "anonymous caller of Cognito",
        {"userIdentity": {"type": "Unknown", "principalId": "Anonymous"}},
        {"display": "an anonymous caller", "kind": "unknown"},
    ),
    (
        "IAM user with a long-term key and the CLI",
        {"userIdentity": ALICE, "userAgent": "aws-cli/2.31.0 md/awscrt#0.27.2 ua/2.1 os/linux"},
        {"display": "alice", "kind": "human", "credentials": "long-term", "mfa": None, "console": False,
         "user_name": "alice", "access_key_id": "AKIAEXAMPLE000000001"},
    ),
    (
        "IAM user in the console",
        {"userIdentity": ALICE | {"accessKeyId": "ASIAEXAMPLE000000001", "sessionContext": NO_MFA},
         "userAgent": "AWS Internal", "sessionCredentialFromConsole": "true"},
        {"display": "alice", "kind": "human", "credentials": "temporary", "mfa": False, "console": True},
    ),
    (
        "IAM user whose keys a program uses",
        {"userIdentity": ALICE, "userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io)"},
        {"display": "alice", "kind": "machine", "credentials": "long-term"},
    ),
    (
        "IAM user without a name, told by the ARN",
        {"userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/team/bob"}},
        {"display": "bob", "user_name": "bob", "account_id": ACCOUNT},
    ),
    (
        "sign-in failure with a hidden user name",
        {"userIdentity": {"type": "IAMUser", "accountId": ACCOUNT, "accessKeyId": "",
                          "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"},
         "eventType": "AwsConsoleSignIn", "additionalEventData": {"MFAUsed": "No"}},
        {"display": "a user whose name CloudTrail hides", "user_name": None, "access_key_id": None, "mfa": False},
    ),
    (
        "a role itself",
        {"userIdentity": {"type": "Role", "principalId": "AROAEXAMPLE0000000001", "accountId": ACCOUNT,
                          "arn": f"arn:aws:iam::{ACCOUNT}:role/ci-deploy", "userName": "ci-deploy"}},
        {"display": "role ci-deploy", "type": "Role"},
    ),
    (
        "federated user",
        {"userIdentity": {"type": "FederatedUser", "principalId": f"{ACCOUNT}:bob", "accountId": ACCOUNT,
                          "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob", "accessKeyId": "ASIAEXAMPLE000000002",
                          "sessionContext": {"sessionIssuer": {"type": "IAMUser", "userName": "alice",
                                                               "arn": f"arn:aws:iam::{ACCOUNT}:user/alice"}, **NO_MFA}}},
        {"display": "bob, federated by alice", "credentials": "temporary",
         "session_issuer": f"arn:aws:iam::{ACCOUNT}:user/alice"},
    ),
    (
        "SAML user who asks for a role",
        {"userIdentity": {"type": "SAMLUser", "principalId": "SampleUkh1i4+ExamplexL/jEvs=:carol@example.com",
                          "userName": "carol@example.com", "identityProvider": "SampleUkh1i4+ExamplexL=jEvs="}},
        {"display": "carol@example.com via SAML", "kind": "human", "account_id": None},
    ),
    (
        "SAML user whose request names the provider",
        {"userIdentity": {"type": "SAMLUser", "principalId": "SampleUkh1i4+ExamplexL/jEvs=:carol@example.com",
                          "identityProvider": "SampleUkh1i4+ExamplexL=jEvs="},
         "requestParameters": {"principalArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/okta",
                               "roleArn": f"arn:aws:iam::{ACCOUNT}:role/developer"}},
        {"display": "carol@example.com via SAML okta", "kind": "human"},
    ),
    (
        "web identity user who asks for a role",
        {"userIdentity": {"type": "WebIdentityUser", "userName": "repo:example-org/shop:ref:refs/heads/main",
                          "principalId": "arn:aws:iam::111122223333:oidc-provider/x:sts.amazonaws.com:repo:example-org/shop",
                          "identityProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}},
        {"display": "GitHub Actions example-org/shop", "kind": "machine"},
    ),
    (
        "web identity user of a cluster",
        {"userIdentity": {"type": "WebIdentityUser", "userName": "system:serviceaccount:payments:worker",
                          "identityProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{EKS_ISSUER}"}},
        {"display": "EKS service account payments/worker", "kind": "machine"},
    ),
    (
        "web identity user of a provider that looks like GitHub's",
        {"userIdentity": {"type": "WebIdentityUser", "userName": "repo:example-org/shop:x",
                          "identityProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com.example.net"}},
        {"display": "repo:example-org/shop:x via token.actions.githubusercontent.com.example.net"},
    ),
    (
        "web identity user of a social provider",
        {"userIdentity": {"type": "WebIdentityUser", "principalId": "accounts.google.com:app-1.apps.example.com:user-1",
                          "userName": "carol@example.com", "identityProvider": "accounts.google.com"}},
        {"display": "carol@example.com via accounts.google.com", "kind": "human"},
    ),
    (
        "IAM Identity Center user on the access portal",
        {"userIdentity": {"type": "IdentityCenterUser", "accountId": ACCOUNT, "credentialId": "CREDENTIAL-1",
                          "onBehalfOf": {"userId": "544894e8-80c1-707f-60e3-3ba6510dfac1",
                                         "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-1"}}},
        {"display": "Identity Center user 544894e8-80c1-707f-60e3-3ba6510dfac1", "kind": "human"},
    ),
    (
        "IAM Identity Center sign-in, which tells the name beside the identity",
        {"userIdentity": {"type": "IdentityCenterUser", "accountId": ACCOUNT,
                          "onBehalfOf": {"userId": "544894e8-80c1-707f-60e3-3ba6510dfac1"}},
         "eventName": "CredentialChallenge",
         "additionalEventData": {"CredentialType": "PASSWORD", "UserName": "alice@example.com"}},
        {"display": "alice@example.com", "user_name": "alice@example.com", "kind": "human"},
    ),
    (
        "IAM Identity Center sign-in with a name that does not exist",
        {"userIdentity": {"type": "IdentityCenterUser", "accountId": ACCOUNT},
         "additionalEventData": {"UserName": "HIDDEN_DUE_TO_SECURITY_REASONS"}},
        {"display": "a user whose name CloudTrail hides", "user_name": None},
    ),
    (
        "directory user",
        {"userIdentity": {"type": "Directory", "userName": "carol", "accountId": ACCOUNT}},
        {"display": "directory user carol", "kind": "human"},
    ),
    (
        "another account",
        {"userIdentity": {"type": "AWSAccount", "principalId": "AIDAEXAMPLE0000000009", "accountId": "999988887777"}},
        {"display": "account 999988887777", "account_id": "999988887777", "account_name": None},
    ),
    (
        "another account of one's own",
        {"userIdentity": {"type": "AWSAccount", "principalId": "AIDAEXAMPLE0000000009", "accountId": ACCOUNT}},
        {"display": f"account {ACCOUNT} (production)"},
    ),
    (
        "anonymous caller",
        {"userIdentity": {"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}},
        {"display": "an anonymous caller", "account_id": None},
    ),
    (
        "AWS service",
        {"userIdentity": {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
         "sourceIPAddress": "ec2.amazonaws.com", "userAgent": "ec2.amazonaws.com"},
        {"display": "ec2.amazonaws.com", "kind": "service", "invoked_by": "ec2.amazonaws.com"},
    ),
    (
        "identity without a type, from a service event",
        {"userIdentity": {"accountId": ACCOUNT, "invokedBy": "secretsmanager.amazonaws.com"}},
        {"display": "secretsmanager.amazonaws.com", "type": "Unknown", "kind": "service", "account_id": ACCOUNT},
    ),
    (
        "AWS Internal with a semicolon",
        {"userIdentity": ALICE | {"invokedBy": "AWS Internal;"}},
        {"display": "alice", "invoked_by": "AWS Internal"},
    ),
    ("Unknown", {"userIdentity": {"type": "Unknown", "principalId": "AIDAEXAMPLE0000000009"}},
     {"display": "AIDAEXAMPLE0000000009", "kind": "unknown"}),
    ("no identity at all", {}, {"display": "an unknown caller", "type": "Unknown", "kind": "unknown"}),
    ("null written as a string", {"userIdentity": {"type": "IAMUser", "userName": "null", "accessKeyId": "null"}},
     {"display": "an unknown caller", "user_name": None, "access_key_id": None}),
    ("an identity that is a string", {"userIdentity": "alice"}, {"display": "an unknown caller"}),
    ("a type that is a number", {"userIdentity": {"type": 7, "userName": ["x"]}}, {"type": "Unknown"}),
]  # fmt: skip
