"""Trailbell's version, which stands here alone: in Lambda no package's metadata tells it."""

VERSION = "0.1.0"
"""https://semver.org. The package's version, too: pyproject.toml reads it here."""
