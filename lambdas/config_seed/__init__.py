"""The config seed: puts a deployment's config live, unless another one was pushed."""
