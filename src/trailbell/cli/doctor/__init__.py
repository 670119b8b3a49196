"""`trailbell doctor`: checks of a deployment, each with how to mend what it finds."""

from trailbell.cli.doctor.command import DOCTOR_EXAMPLES, doctor

__all__ = ["DOCTOR_EXAMPLES", "doctor"]
