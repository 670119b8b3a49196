"""The signature that webhooks get."""

import pytest

from trailbell.destinations.transport.signature import read_key, signed_headers
from trailbell.errors import DeliveryError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_a_body_is_signed_as_the_specifications_own_example() -> None:
    headers = signed_headers(
        read_key(SECRET),
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp_seconds=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("secret", ["", "hunter2-hunter2-hunter2-hunter2", "whsec_", "whsec_c2hvcnQ=", "whsec_***"])
def test_a_weak_or_broken_key_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        read_key(secret)
    assert "token_bytes(32)" in str(refused.value)
    assert not secret.removeprefix("whsec_") or secret not in str(refused.value)
