"""CloudTrail records to try things with: rules' own tests name them, and so can `trailbell show` and `replay`."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
