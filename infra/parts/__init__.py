"""What a hub is made of, a construct a file."""
