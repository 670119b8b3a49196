import json

import pytest

from trailbell.destinations.slack.target import SlackPlaces, parse_secret
from trailbell.errors import DeliveryError

NOWHERE = SlackPlaces()
WEBHOOK = "https://hooks.slack.com/services/T000/B000/XXXXSECRETXXXX"


def test_webhook_in_json_and_by_itself_is_the_same() -> None:
    assert parse_secret(json.dumps({"webhook_url": WEBHOOK}), NOWHERE) == parse_secret(f"{WEBHOOK}\n", NOWHERE)


def test_bot_token_posts_to_slacks_api_in_its_channel() -> None:
    target = parse_secret('{"bot_token": "xoxb-1", "channel": "#alerts"}', NOWHERE)
    assert (target.url, target.token, target.channel) == ("https://slack.com/api/chat.postMessage", "xoxb-1", "#alerts")


def test_the_configs_channel_stands_in_where_the_secret_names_none() -> None:
    assert parse_secret('{"bot_token": "xoxb-1"}', SlackPlaces(channel="#alerts")).channel == "#alerts"
    assert parse_secret('{"bot_token": "xoxb-1", "channel": "#soc"}', SlackPlaces(channel="#alerts")).channel == "#soc"


def test_bot_token_posts_to_the_endpoint_that_the_deployment_names() -> None:
    target = parse_secret('{"bot_token": "xoxb-1", "channel": "C1"}', SlackPlaces(endpoint="http://127.0.0.1:1"))
    assert target.url == "http://127.0.0.1:1/api/chat.postMessage"


@pytest.mark.parametrize(
    ("secret", "complaint"),
    [
        ('{"webhook_url": "", "unused": "x"}', "not filled"),
        ("", "not filled"),
        ("{", "no JSON"),
        ('{"bot_token": "xoxb-SECRET"}', "no channel"),
        ('{"webhook_url": "http://hooks.slack.com/services/SECRET"}', "does not begin with https://hooks.slack.com/"),
        ('{"webhook_url": "https://hooks.slack.com.evil.example/SECRET"}', "does not begin with"),
        ('{"webhook_url": "https://hooks.slack.com@evil.example/SECRET"}', "does not begin with"),
        ('{"webhook_url": "https://evil.example/SECRET"}', "does not begin with"),
        ('{"webhook_url": "file:///etc/passwd"}', "does not begin with"),
        ('{"webhook_url": ["SECRET"]}', "not filled"),
    ],
)
def test_a_bad_secret_is_told_and_never_quoted(secret: str, complaint: str) -> None:
    with pytest.raises(DeliveryError, match=complaint) as caught:
        parse_secret(secret, NOWHERE)
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_only_the_named_endpoint_is_allowed_besides_slack() -> None:
    secret = json.dumps({"webhook_url": "http://127.0.0.1:8080/services/x"})
    assert parse_secret(secret, SlackPlaces(endpoint="http://127.0.0.1:8080")).url == "http://127.0.0.1:8080/services/x"
    with pytest.raises(DeliveryError):
        parse_secret(secret, SlackPlaces(endpoint="http://127.0.0.1:8081"))


def test_a_target_does_not_show_its_secret() -> None:
    assert "XXXXSECRETXXXX" not in repr(parse_secret(WEBHOOK, NOWHERE))


def test_a_label_is_a_channel_of_the_config_or_a_webhook_of_the_secret() -> None:
    places = SlackPlaces(channel="#alerts", channels={"soc": "#soc"})
    assert parse_secret('{"bot_token": "xoxb-1"}', places, "soc").channel == "#soc"
    secret = json.dumps({"webhook_url": WEBHOOK, "webhooks": {"soc": f"{WEBHOOK}-soc"}})
    assert parse_secret(secret, places, "soc").url == f"{WEBHOOK}-soc"


@pytest.mark.parametrize("secret", [{"webhook_url": WEBHOOK}, {"webhook_url": WEBHOOK, "webhooks": {"soc": ""}}])
def test_a_label_never_falls_back_to_another_channel(secret: dict[str, str]) -> None:
    with pytest.raises(DeliveryError, match=r"webhooks\.soc is not filled"):
        parse_secret(json.dumps(secret), NOWHERE, "soc")
