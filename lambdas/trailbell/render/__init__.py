"""Alert -> what people and machines read."""
