"""The library's errors, named for who must act.

TrailbellError
├── ConfigError      the person who writes the config
│   └── PatternError     ... in one event pattern
├── RecordError      nobody yet: the event is kept in a dead-letter queue
├── DeliveryError    whoever owns the destination
├── StateError       whoever runs Trailbell: the tables of its state do not answer
│   └── InProgressError  nobody: another attempt is at it, and this one is tried again
└── FilterError      whoever runs Trailbell: a region's filters cannot be changed
"""


class TrailbellError(Exception):
    """Anything Trailbell raises on purpose: what is wrong, where, and what to do."""


class ConfigError(TrailbellError):
    """The config or a rule is wrong; the deployment or the push stops."""


class PatternError(ConfigError):
    """An event pattern is not one that EventBridge accepts."""


class RecordError(TrailbellError):
    """An event cannot be read as a CloudTrail record; retries and the dead-letter queue keep it."""


class DeliveryError(TrailbellError):
    """A destination did not take an alert."""


class StateError(TrailbellError):
    """What was seen and sent before cannot be read or written; the event is retried and kept."""


class InProgressError(StateError):
    """Another attempt is working on the same thing; if it dies, a later attempt does it."""


class FilterError(TrailbellError):
    """A region does not let its filters be changed; the next filter sync tries again."""
