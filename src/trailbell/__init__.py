"""Reads CloudTrail records, decides which deserve an alert, and says so in words."""
