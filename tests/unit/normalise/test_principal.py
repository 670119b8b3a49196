"""Every kind of identity that CloudTrail documents or real logs hold.

Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any

import pytest

from trailbell.names import Names
from trailbell.normalise.facts import read_facts
from trailbell.normalise.principal import read_principal

ACCOUNT = "111122223333"
NAMES = Names(accounts={ACCOUNT: "production"})
NO_MFA = {"attributes": {"creationDate": "2026-03-02T09:14:11Z", "mfaAuthenticated": "false"}}
WITH_MFA = {"attributes": {"creationDate": "2026-03-02T09:14:11Z", "mfaAuthenticated": "true"}}


def role_session(
    role: str, session: str, *, path: str = "", key: str = "ASIAEXAMPLE000000001", **more: Any
) -> dict[str, Any]:
    context = {
        "sessionIssuer": {
            "type": "Role",
            "principalId": "AROAEXAMPLE0000000001",
            "arn": f"arn:aws:iam::{ACCOUNT}:role/{path}{role}",
            "accountId": ACCOUNT,
            "userName": role,
        },
        "webIdFederationData": {},
        **NO_MFA,
        **more.pop("context", {}),
    }
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE0000000001:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "sessionContext": context,
        **more,
    }


ALICE = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE0000000001",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
    "accountId": ACCOUNT,
    "accessKeyId": "AKIAEXAMPLE000000001",
    "userName": "alice",
}
GITHUB_FEDERATION = {
    "webIdFederationData": {
        "federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
        "attributes": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:example-org/shop:ref:refs/heads/main",
        },
    }
}
EKS_ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
EKS_FEDERATION = {
    "webIdFederationData": {
        "federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{EKS_ISSUER}",
        "attributes": {f"{EKS_ISSUER}:sub": "system:serviceaccount:payments:worker"},
    }
}

CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
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
        "session whose access was delegated to a product provider",
        {"userIdentity": role_session("Admin", "support", invokedByDelegate={"accountId": "444455556666"})},
        {"display": "role Admin, session support, delegated to account 444455556666"},
    ),
    (
        "role session of another account than the called one",
        {"userIdentity": role_session("deploy", "build-42"), "recipientAccountId": "222233334444"},
        {"display": f"role deploy, session build-42 of account {ACCOUNT} (production)", "account_name": "production"},
    ),
    (
        "role that only has the name of a service-linked one",
        {"userIdentity": role_session("AWSServiceRoleForBackdoor", "x")},
        {"display": "role AWSServiceRoleForBackdoor, session x", "kind": "unknown"},
    ),
    (
        "role that only has the name of IAM Identity Center's",
        {"userIdentity": role_session("AWSReservedSSO_AdministratorAccess_0123456789abcdef", "alice@example.com")},
        {"display": "alice@example.com via role AWSReservedSSO_AdministratorAccess_0123456789abcdef", "mfa": False},
    ),
    (
        "version of a Lambda function",
        {"userIdentity": role_session("orders-role", "orders",
                                      inScopeOf={"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo":
                                                 f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:orders:live"})},
        {"display": "function orders via role orders-role"},
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
        "IAM Identity Center session of a role that AWS reserved",
        {"userIdentity": role_session("AWSReservedSSO_AdministratorAccess_0123456789abcdef", "alice@example.com",
                                      path="aws-reserved/sso.amazonaws.com/eu-central-1/")},
        {"display": "alice@example.com via SSO AdministratorAccess", "kind": "human", "mfa": None,
         "session_name": "alice@example.com", "credentials": "temporary"},
    ),
    (
        "EC2 instance with its instance profile",
        {"userIdentity": role_session("web", "i-0123456789abcdef0", context={"ec2RoleDelivery": "2.0"})},
        {"display": "instance i-0123456789abcdef0 via role web", "kind": "machine", "mfa": None},
    ),
    (
        "service-linked role",
        {"userIdentity": role_session("AWSServiceRoleForAutoScaling", "AutoScaling",
                                      path="aws-service-role/autoscaling.amazonaws.com/",
                                      invokedBy="autoscaling.amazonaws.com")},
        {"display": "service-linked role AWSServiceRoleForAutoScaling", "kind": "service",
         "invoked_by": "autoscaling.amazonaws.com"},
    ),
    (
        "Lambda function",
        {"userIdentity": role_session("orders-role", "orders",
                                      inScopeOf={"issuerType": "AWS::Lambda::Function",
                                                 "credentialsIssuedTo": f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:orders"})},
        {"display": "function orders via role orders-role", "kind": "machine"},
    ),
    (
        "Lambda function of records too old for inScopeOf",
        {"userIdentity": role_session("orders-role", "orders"),
         "userAgent": "Boto3/1.34.0 md/Botocore#1.34.0 exec-env/AWS_Lambda_python3.12"},
        {"display": "function orders via role orders-role", "kind": "machine"},
    ),
    (
        "ECS task",
        {"userIdentity": role_session("worker", "0123456789abcdef0123456789abcdef")},
        {"display": "ECS task 01234567 via role worker", "kind": "machine"},
    ),
    (
        "EKS service account",
        {"userIdentity": role_session("payments", "botocore-session-1700000000", context=EKS_FEDERATION)},
        {"display": "EKS service account payments/worker via role payments", "kind": "machine", "mfa": None},
    ),
    (
        "EKS pod identity",
        {"userIdentity": role_session("payments", "eks-shop-worker-7d9f-0a1b2c3d")},
        {"display": "EKS pod eks-shop-worker-7d9f-0a1b2c3d via role payments", "kind": "machine"},
    ),
    (
        "GitHub Actions",
        {"userIdentity": role_session("deploy", "GitHubActions", context=GITHUB_FEDERATION)},
        {"display": "GitHub Actions example-org/shop via role deploy", "kind": "machine", "mfa": None},
    ),
    (
        "another OpenID Connect provider",
        {"userIdentity": role_session("deploy", "build-7", context={"webIdFederationData": {
            "federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.example.com",
            "attributes": {"gitlab.example.com:sub": "project_path:shop/api:ref:main"}}})},
        {"display": "project_path:shop/api:ref:main of gitlab.example.com via role deploy", "kind": "machine"},
    ),
    (
        "role session named after a person, as SAML sign-ins are",
        {"userIdentity": role_session("developer", "carol@example.com")},
        {"display": "carol@example.com via role developer", "kind": "human", "user_name": "developer"},
    ),
    (
        "role session of a build, with a source identity",
        {"userIdentity": role_session("ci-deploy", "build-42", context={"sourceIdentity": "carol"})},
        {"display": "role ci-deploy, session build-42", "source_identity": "carol",
         "session_issuer": f"arn:aws:iam::{ACCOUNT}:role/ci-deploy"},
    ),
    (
        "role session with an empty issuer",
        {"userIdentity": role_session("ci-deploy", "build-42", context={"sessionIssuer": {}})},
        {"display": "role ci-deploy, session build-42", "session_issuer": None},
    ),
    (
        "role session with MFA",
        {"userIdentity": role_session("admin", "carol", context=WITH_MFA)},
        {"display": "role admin, session carol", "mfa": True, "kind": "human"},
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


@pytest.mark.parametrize(("record", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_identity(record: dict[str, Any], expected: dict[str, Any]) -> None:
    principal = read_principal(record, NAMES).principal
    assert {name: getattr(principal, name) for name in expected} == expected


def principal_facts(record: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = read_facts(record, NAMES)["principal"]
    return facts


def test_facts_tell_an_sso_session() -> None:
    role, path = "AWSReservedSSO_ReadOnly_0123456789abcdef", "aws-reserved/sso.amazonaws.com/eu-central-1/"
    facts = principal_facts({"userIdentity": role_session(role, "alice@example.com", path=path)})
    assert facts["sso"] is True
    assert "mfa" not in facts


def test_facts_tell_the_instance_of_a_session() -> None:
    facts = principal_facts({"userIdentity": role_session("web", "i-0123456789abcdef0")})
    assert (facts["instance_id"], facts["service_linked"]) == ("i-0123456789abcdef0", False)


def test_facts_tell_to_whom_access_was_delegated() -> None:
    identity = role_session("Admin", "support", invokedByDelegate={"accountId": "444455556666"})
    assert principal_facts({"userIdentity": identity})["delegate_account_id"] == "444455556666"


@pytest.mark.parametrize("role", ["AWSServiceRoleForBackdoor", "AWSReservedSSO_AdministratorAccess_0123456789abcdef"])
def test_a_name_alone_makes_no_role_of_awss(role: str) -> None:
    facts = principal_facts({"userIdentity": role_session(role, "x")})
    assert (facts["service_linked"], facts["sso"]) == (False, False)


@pytest.mark.parametrize(("account", "own"), [(ACCOUNT, True), ("222233334444", True), ("999988887777", False)])
def test_facts_tell_ones_own_accounts(account: str, own: bool) -> None:  # noqa: FBT001 - a table's column
    record = {"userIdentity": {"type": "AWSAccount", "accountId": account}, "recipientAccountId": "222233334444"}
    assert principal_facts(record)["own_account"] is own
