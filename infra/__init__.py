"""What is deployed: stacks compose, a construct per file, every grant in the stack file."""
