"""`trailbell doctor`: checks of a deployment, each with how to mend what it finds."""

from cli.doctor.command import DOCTOR_EXAMPLES, doctor

__all__ = ["DOCTOR_EXAMPLES", "doctor"]
