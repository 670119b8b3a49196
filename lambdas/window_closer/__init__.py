"""The window closer: tells of windows that are over, once."""
