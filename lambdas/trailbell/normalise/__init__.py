"""Envelope -> Record: who, from where, to what, without secrets; and the facts that rules may name."""

from trailbell.normalise.envelope import Envelope, open_envelope
from trailbell.normalise.facts import read_facts
from trailbell.normalise.reader import read_record
from trailbell.normalise.redact import redact
from trailbell.normalise.summary import describe
from trailbell.normalise.undo import undo_command

__all__ = ["Envelope", "describe", "open_envelope", "read_facts", "read_record", "redact", "undo_command"]
