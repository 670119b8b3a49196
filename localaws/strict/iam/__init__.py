"""Who may do what in the local AWS, judged as AWS judges it: calls, deliveries of services, and the roles they use."""
