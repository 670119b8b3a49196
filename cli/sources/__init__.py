"""Where commands read CloudTrail records from. Each source yields raw records."""
