"""State that functions share: the DynamoDB client, and claims, by which a thing is done once."""
