"""What commands share: AWS, the config, and how they speak."""
