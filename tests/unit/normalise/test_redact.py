"""Seventy kinds of secret in seventy places: none leaves. Ids and everything that people need stay."""

import copy
import json
import re
import time
from typing import Any

import botocore.session
import pytest

from tests.unit.alerts import alert_of
from trailbell.normalise.redact import REDACTED, TOO_DEEP, redact
from trailbell.render import amazon_q, document, slack, sns, text

FILLER = "Zq8Lr2Vx7Tn4Kp9Wd3Hs6Jf1"
"""Looks like nothing but what it is planted as."""

NAMED_PLACES: tuple[str, ...] = (
    "password", "masterUserPassword", "newPassword", "oldPassword", "loginPassword", "adminPasswd", "passphrase",
    "secretAccessKey", "secretKey", "clientSecret", "secretString", "secretBinary", "sessionToken", "securityToken",
    "authToken", "accessToken", "refreshToken", "idToken", "bearerToken", "apiKey", "apiToken", "privateKey",
    "certificatePrivateKey", "keyMaterial", "encryptedKeyMaterial", "userData", "connectionString", "jdbcUrl",
    "sAMLAssertion", "webIdentityToken", "tokenCode", "authenticationCode1", "authorization", "plaintext",
    "preSharedKey", "MasterUserPassword", "SecretString", "db_password", "webhookUrl", "signingKey",
    "SigninToken", "registrationToken", "joinToken", "activationCode", "deviceCode", "codeVerifier", "consumerSecret",
    "webhookSecret", "serviceCredentialSecret", "SECRET_HASH", "base32StringSeed", "qRCodePNG", "licenseKey", "authKey",
    "storageAccountKey", "customerGatewayConfiguration", "x-amz-server-side-encryption-customer-key", "headerValue",
    "twoFactorPin", "spring.datasource.password", "pass\u200bword", "previousPassword", "NEW_PASSWORD", "cak",
)  # fmt: skip
"""Field names that give their value away, as services spell them."""

SHAPED: dict[str, str] = {
    "PEM private key": f"-----BEGIN RSA PRIVATE KEY-----\n{FILLER}\n-----END RSA PRIVATE KEY-----",
    "PEM key cut short": f"-----BEGIN PRIVATE KEY-----\n{FILLER}",
    "EC private key": f"-----BEGIN EC PRIVATE KEY-----{FILLER}-----END EC PRIVATE KEY-----",
    "OpenSSH private key": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{FILLER}\n-----END OPENSSH PRIVATE KEY-----",
    "JWT": f"eyJhbGciOiJIUzI1NiJ9.eyJ{FILLER}.{FILLER}",
    "JWT without signature": f"eyJhbGciOiJub25lIn0.eyJ{FILLER}.",
    "GitHub token": f"ghp_{FILLER}",
    "GitHub fine-grained token": f"github_pat_{FILLER}",
    "GitLab token": f"glpat-{FILLER}",
    "Slack bot token": f"xoxb-{FILLER}",
    "Slack user token": f"xoxp-{FILLER}",
    "Slack app token": f"xapp-{FILLER}",
    "Slack webhook": f"https://hooks.slack.com/services/{FILLER}",
    "Stripe key": f"sk_live_{FILLER}",
    "OpenAI key": f"sk-{FILLER}",
    "Google key": f"AIza{FILLER}{FILLER}",
    "SendGrid key": f"SG.{FILLER}.{FILLER}",
    "npm token": f"npm_{FILLER}{FILLER}",
    "PyPI token": f"pypi-{FILLER}{FILLER}",
    "AWS session token": f"IQoJb3JpZ2lu{FILLER}{FILLER}",
    "older AWS session token": f"FwoGZXIvYXdz{FILLER}{FILLER}",
    "PostgreSQL URL": f"postgresql://shop:{FILLER}@db.example.com:5432/shop",
    "MongoDB URL": f"mongodb+srv://shop:{FILLER}@cluster.example.net/shop",
    "Redis URL": f"rediss://default:{FILLER}@cache.example.com:6379",
    "AMQP URL": f"amqps://shop:{FILLER}@mq.example.com",
    "presigned URL": f"https://b.s3.amazonaws.com/k?X-Amz-Signature={FILLER}&X-Amz-Date=20260302T091411Z",
    "presigned session": f"https://b.s3.amazonaws.com/k?X-Amz-Security-Token={FILLER}",
    "SAS signature": f"https://x.blob.core.windows.net/c?sv=2024&sig={FILLER}",
    "bearer header": f"curl -H 'Authorization: Bearer {FILLER}'",
    "basic header": f"Authorization: Basic {FILLER}",
    "password in a command": f"mysql --password={FILLER} shop",
    "password as an argument": f"login --password {FILLER} now",
    "export of a secret key": f"export AWS_SECRET_ACCESS_KEY={FILLER}",
    "env file": f"DB_PASSWORD: {FILLER}",
    "JSON in a string": json.dumps({"password": FILLER}),
    "JSON twice encoded": json.dumps(json.dumps({"client_secret": FILLER})),
    "ODBC string": f"Server=db;Database=shop;User Id=sa;Password={FILLER};",
    "Azure account key": f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={FILLER};",
    "token in a query": f"https://ci.example.com/hook?token={FILLER}",
    "access key beside its id": f"AKIAEXAMPLE000000001 {FILLER}{FILLER[:16]}",
    "access key on its own": f"{FILLER}{FILLER[:16]}",
    "PGP private key": f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n{FILLER}\n-----END PGP PRIVATE KEY BLOCK-----",
    "PEM in base64": f"LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo{FILLER}",
    "PuTTY key": f"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{FILLER}",
    "Redis URL without a user": f"redis://:{FILLER}@cache.example.com:6379",
    "URL with an at sign in the password": f"postgres://shop:p@{FILLER}@db.example.com/shop",
    "password in XML": f"<config><admin_password>{FILLER}</admin_password></config>",
    "pre-shared key in XML": f"<ike><pre_shared_key>{FILLER}</pre_shared_key></ike>",
    "curl with a user": f"curl -u admin:{FILLER} https://ci.example.com",
    "sshpass": f"sshpass -p {FILLER} ssh root@db.example.com",
    "mysql": f"mysql -h db.example.com -u root -p{FILLER} shop",
    "chpasswd": f"echo 'root:{FILLER}' | chpasswd",
    "net user": f"net user Administrator {FILLER} /add",
    "PowerShell": f"ConvertTo-SecureString '{FILLER}' -AsPlainText -Force",
    "cookie header": f"curl -H 'Cookie: session={FILLER}; x=1'",
    "Discord webhook": f"https://discord.com/api/webhooks/123456789012345678/{FILLER}",
    "Teams webhook": f"https://example.webhook.office.com/webhookb2/{FILLER}",
    "PagerDuty integration": f"https://events.pagerduty.com/integration/{FILLER}/enqueue",
    "key in a query": f"https://api.example.com/hook?key={FILLER}",
    "federated sign-in": f"https://signin.aws.amazon.com/federation?Action=login&SigninToken={FILLER}",
    "Vault token": f"hvs.{FILLER}",
    "Docker Hub token": f"dckr_pat_{FILLER}",
    "GitLab runner token": f"glrt-{FILLER}",
    "Grafana token": f"glsa_{FILLER}",
    "Bedrock API key": f"ABSK{FILLER * 4}",
    "Atlassian token": f"ATATT3xFfGF0{FILLER}",
}
"""Secrets that are told by their shape, wherever they stand."""

TEXT_PLACES: tuple[tuple[str, ...], ...] = (
    ("userAgent",), ("errorMessage",), ("requestParameters", "description"), ("requestParameters", "commands", "0"),
    ("requestParameters", "parameters", "commands", "0"), ("requestParameters", "tags", "0", "value"),
    ("requestParameters", "name"), ("requestParameters", "functionName"), ("responseElements", "message"),
    ("responseElements", "items", "0", "note"), ("additionalEventData", "detail"), ("serviceEventDetails", "text"),
)  # fmt: skip
WHOLE_TREES: dict[str, dict[str, Any]] = {
    "Lambda environment": {"requestParameters": {"environment": {"variables": {"DB_HOST": FILLER, "X": FILLER}}}},
    "ECS environment": {"requestParameters": {"containerDefinitions": [
        {"environment": [{"name": "DB_HOST", "value": FILLER}]}]}},
    "CodeBuild environment": {"requestParameters": {"environment": {"environmentVariables": [
        {"name": "X", "value": FILLER, "type": "PLAINTEXT"}]}}},
    "STS credentials": {"responseElements": {"credentials": {
        "accessKeyId": "ASIAEXAMPLE000000001", "sessionToken": FILLER, "secretAccessKey": FILLER}}},
    "created access key": {"responseElements": {"accessKey": {
        "accessKeyId": "AKIAEXAMPLE000000001", "secretAccessKey": FILLER}}},
    "user data object": {"requestParameters": {"userData": {"data": FILLER}}},
    "object under a password": {"requestParameters": {"masterUserPassword": {"value": FILLER}}},
    "object under an API key": {"responseElements": {"apiKey": {"key": {"data": FILLER}}}},
    "CloudFormation parameter": {"requestParameters": {"parameters": [
        {"parameterKey": "DBPassword", "parameterValue": FILLER}]}},
    "tag": {"requestParameters": {"tags": [{"key": "password", "value": FILLER}]}},
    "header": {"requestParameters": {"headers": [{"name": "Authorization", "value": FILLER}]}},
    "EventBridge connection": {"requestParameters": {"authParameters": {"invocationHttpParameters": {
        "headerParameters": [{"key": "X-Tenant", "value": FILLER, "isValueSecret": True}]}}}},
    "CloudFront origin": {"requestParameters": {"distributionConfig": {"origins": {"items": [{"customHeaders": {
        "items": [{"headerName": "X-Origin-Verify", "headerValue": FILLER}]}}]}}}},
    "Elastic Beanstalk option": {"requestParameters": {"optionSettings": [
        {"namespace": "aws:elasticbeanstalk:application:environment", "optionName": "X", "value": FILLER}]}},
    "App Runner environment": {"requestParameters": {"runtimeEnvironmentVariables": {"X": FILLER}}},
    "SageMaker environment": {"requestParameters": {"environment": {"DB_HOST": FILLER}}},
    "attribute that is user data": {"requestParameters": {"attribute": "userData", "value": FILLER}},
    "API Gateway key": {"eventSource": "apigateway.amazonaws.com", "eventName": "CreateApiKey",
                        "responseElements": {"id": "a1b2c3", "value": FILLER}},
    "AppSync key": {"eventSource": "appsync.amazonaws.com", "eventName": "CreateApiKey",
                    "responseElements": {"apiKey": {"id": FILLER}}},
    "parameter of Systems Manager": {"eventSource": "ssm.amazonaws.com", "eventName": "PutParameter",
                                     "requestParameters": {"name": "/shop/db", "value": FILLER, "type": "String"}},
    "Cognito sign-in": {"requestParameters": {"authParameters": {"USERNAME": "carol", "SRP_A": FILLER}}},
    "pairs in a JSON string": {"requestParameters": {"overrides": json.dumps(
        {"environment": [{"name": "DB_HOST", "value": FILLER}]})}},
    "named pair in a JSON string": {"requestParameters": {"input": json.dumps([{"Key": "db-password", "Value": FILLER}])}},
    "name of a field": {"requestParameters": {"map": {f"ghp_{FILLER}": "x"}}},
    "list of passwords": {"requestParameters": {"passwords": {"password": [FILLER, FILLER]}}},
}  # fmt: skip


def base() -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "accessKeyId": "AKIAEXAMPLE000000001"},
        "eventTime": "2026-03-02T09:14:11Z",
        "eventSource": "lambda.amazonaws.com",
        "eventName": "UpdateFunctionConfiguration20150331v2",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": {"functionName": "orders"},
        "responseElements": {"functionName": "orders"},
        "requestID": "req-1",
        "eventID": "11111111-2222-3333-4444-555555555555",
        "recipientAccountId": "111122223333",
        "eventType": "AwsApiCall",
    }


def plant(path: tuple[str, ...], value: object) -> dict[str, Any]:
    record = base()
    node: Any = record
    for step, following in zip(path, (*path[1:], ""), strict=True):
        if step.isdecimal():
            node.append(value if not following else [] if following.isdecimal() else {})
            node = node[0]
        elif not following:
            node[step] = value
        else:
            node = node.setdefault(step, [] if following.isdecimal() else {})
    return record


def everything_that_leaves(record: dict[str, Any]) -> str:
    alert = alert_of(record)
    shown = [
        text.subject(alert),
        text.text(alert),
        json.dumps(document.to_document(alert)),
        json.dumps(slack.message(alert)),
        json.dumps(sns.publication(alert)),
        json.dumps(sns.publication(alert, https_format="amazon-q")),
        json.dumps(amazon_q.notification(alert)),
        repr(alert),
    ]
    return "\n".join(shown)


@pytest.mark.parametrize("name", NAMED_PLACES)
def test_a_secret_is_told_by_the_name_of_its_field(name: str) -> None:
    for path in (
        ("requestParameters", name),
        ("responseElements", "result", name),
        ("requestParameters", "l", "0", name),
    ):
        assert FILLER not in everything_that_leaves(plant(path, FILLER))


@pytest.mark.parametrize("kind", SHAPED)
def test_a_secret_is_told_by_its_shape(kind: str) -> None:
    for path in TEXT_PLACES:
        left = everything_that_leaves(plant(path, f"see {SHAPED[kind]} here"))
        assert FILLER not in left, path


@pytest.mark.parametrize("kind", WHOLE_TREES)
def test_bundles_of_secrets_go_as_a_whole(kind: str) -> None:
    assert FILLER not in everything_that_leaves(base() | copy.deepcopy(WHOLE_TREES[kind]))


def test_there_are_forty_kinds_and_forty_places() -> None:
    assert len(SHAPED) >= 40
    assert len(NAMED_PLACES) >= 40


SENSITIVE_NAME = re.compile("passw|secret|token|private.?key|api.?key|passphrase|credential|userdata", re.IGNORECASE)
NO_SECRET = re.compile("(?:id|ids|arn|name|url|type)$|(?:next|client|request|idempotency)token$", re.IGNORECASE)
SERVICES = (
    "amplify", "appflow", "apprunner", "appstream", "autoscaling", "codebuild", "cognito-idp", "connect", "directconnect", "dms",
    "ds", "elasticbeanstalk", "eks", "emr", "events", "fsx", "iam", "ivs", "lambda", "lightsail", "m2", "mq", "outposts",
    "rds", "redshift", "sagemaker", "secretsmanager", "sso-oidc", "ssm", "sts", "transfer", "workspaces",
)  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_what_awss_models_mark_as_a_sensitive_credential_is_told_by_its_name(service: str) -> None:
    loader = botocore.session.Session().get_component("data_loader")
    shapes = loader.load_service_model(service, "service-2")["shapes"]
    marked = {
        name
        for shape in shapes.values()
        for name, member in shape.get("members", {}).items()
        if shapes[member["shape"]]["type"] in {"string", "blob"}
        and (member.get("sensitive") or shapes[member["shape"]].get("sensitive"))
        and SENSITIVE_NAME.search(name)
        and not NO_SECRET.search(name)
    }
    assert {name for name in marked if redact({"requestParameters": {name: FILLER}}) != hidden(name)} == set()


def hidden(name: str) -> dict[str, Any]:
    return {"requestParameters": {name: REDACTED}}


@pytest.mark.parametrize(
    "unit",
    [
        "-eyJaaaaaaaa", "token", "://a:", "?token=", "Bearer ", "password\"'", " --password ", "ghp_", "<password ", "mysql -",
        "a:b", "1234567890:AA", "AKIA0123456789ABC ", "-----BEGIN PRIVATE KEY-----", "cookie:", "net user ", "{[", "A1b2",
    ],
)  # fmt: skip
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        long = (unit * length)[:length]
        started = time.process_time()
        redact({"userAgent": long})
        return time.process_time() - started

    seconds(1_000)
    # Quadratic time would be 64 times as long.
    assert seconds(240_000) < 32 * max(seconds(30_000), 0.002)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secretId", "prod/db"),
        ("secretARN", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf"),
        ("accessKeyId", "AKIAEXAMPLE000000001"),
        ("keyId", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("keyName", "Ohio-Key"),
        ("passwordLastUsed", "2026-03-02T09:14:11Z"),
        ("passwordResetRequired", True),
        ("minimumPasswordLength", 14),
        ("tokenType", "Bearer-less"),
        ("nextToken", "page-2"),
        ("clientToken", "6c3d3f0e-1c44-4c39-8a3f-0e6f6bb2f0c4"),
        ("codeSha256", "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="),
        ("policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("cidrIp", "0.0.0.0/0"),
        ("description", "rotates the password every month"),
        ("manageMasterUserPassword", True),
        ("httpTokens", "required"),
        ("sequenceToken", "49590338271490256608559692538361571095921575989136588898"),
        ("encryptionKey", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("secret", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf"),
        ("credentials", {"accessKeyId": "ASIAEXAMPLE000000001", "expiration": "Mar 2, 2026, 10:14:11 AM"}),
        ("masterUserSecret", {"secretArn": "arn:aws:secretsmanager:x", "secretStatus": "active", "kmsKeyId": "k-1"}),
        ("tags", [{"key": "password-rotation", "value": "monthly"}, {"key": "team", "value": "shop"}]),
        ("environment", {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0"}),
        ("commit", "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"),
        ("roleName", "ServerlessDeploymentBucketPolicy1A2B3C4D"),
        ("policyDocument", '{"Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue"}]}'),
        ("errorMessage", "User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:GetSessionToken"),
    ],
)
def test_what_is_no_secret_stays(name: str, value: object) -> None:
    assert redact({"requestParameters": {name: value}}) == {"requestParameters": {name: value}}


def test_names_of_environment_variables_stay() -> None:
    variables = {"requestParameters": {"environment": {"variables": {"DB_HOST": "db.example.com"}}}}
    assert redact(variables) == {"requestParameters": {"environment": {"variables": {"DB_HOST": REDACTED}}}}
    pairs = {"requestParameters": {"environment": [{"name": "DB_HOST", "value": "db.example.com"}]}}
    assert redact(pairs) == {"requestParameters": {"environment": [{"name": "DB_HOST", "value": REDACTED}]}}


def test_the_record_itself_is_left_alone() -> None:
    record = plant(("requestParameters", "password"), FILLER)
    before = copy.deepcopy(record)
    redact(record)
    assert record == before


def test_deep_nesting_is_cut_and_says_so() -> None:
    nested: Any = "leaf"
    for _ in range(900):
        nested = {"a": nested}
    assert TOO_DEEP in json.dumps(redact({"requestParameters": nested}))
