"""Takes alerts from a destination's queue to the destination. One function for each kind of destination."""
