"""What functions share: AWS clients with their time-outs, and claims, by which a thing is done once."""
