"""What functions remember, in DynamoDB: one file for each kind of item. Who writes a table is found here."""
