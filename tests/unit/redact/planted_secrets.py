"""Seventy kinds of secret, and seventy places in which they come."""

import json
from typing import Any

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
