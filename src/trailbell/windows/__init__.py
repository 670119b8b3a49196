"""Windows: what makes findings the same, and which of them are sent."""
