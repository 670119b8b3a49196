"""An alert in words: sentences, undo commands, and text that is safe to show."""
