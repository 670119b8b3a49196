"""What AWS refuses for its size and MiniStack takes."""

from localaws.strict.sizes import functions, iam, rules, secrets, subscriptions


def install() -> None:
    """Refuse it, and write it to the journal."""
    for part in (iam, functions, rules, secrets, subscriptions):
        part.install()
