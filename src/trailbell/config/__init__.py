"""The config as functions read it: its model, its compiled form, and its versions in AppConfig."""
