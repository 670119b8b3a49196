"""A deployment's whole life in the local AWS, and what must not happen in it."""
