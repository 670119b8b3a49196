"""The Lambda functions, a folder each; importable as `trailbell.functions`. None imports another."""
