"""The `trailbell` command."""
