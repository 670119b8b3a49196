"""Sessions of roles, as records hold them, and what is to be told of whoever has one.

Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any

from tests.unit.read.identities import ACCOUNT, EKS_ISSUER, NO_MFA, WITH_MFA


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


GITHUB_FEDERATION = {
    "webIdFederationData": {
        "federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
        "attributes": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:example-org/shop:ref:refs/heads/main",
        },
    }
}
EKS_FEDERATION = {
    "webIdFederationData": {
        "federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{EKS_ISSUER}",
        "attributes": {f"{EKS_ISSUER}:sub": "system:serviceaccount:payments:worker"},
    }
}

ROLE_SESSIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
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
]  # fmt: skip
