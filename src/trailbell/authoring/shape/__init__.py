"""The shape of what people write: models of its parts, and the JSON Schema and tables that are made of them."""
