"""Starts the `trailbell` command; `python -m trailbell` does, too.

The worker processes of a replay load this module again: it loads nothing before it is called.
"""


def main() -> None:
    """Run the command line."""
    from trailbell.cli.main import app

    app()


if __name__ == "__main__":
    main()
