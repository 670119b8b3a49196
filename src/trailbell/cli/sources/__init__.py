"""How people say which records a command reads, and which of them they want."""
