"""Rules of other tools as rules of Trailbell: one file a format."""
