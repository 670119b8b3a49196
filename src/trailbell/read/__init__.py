"""Envelope -> Record: who, from where, to what, without secrets; and the facts that rules may name."""
