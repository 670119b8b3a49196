"""What is deployed: stacks compose, a construct a file, every grant in `grants`."""
