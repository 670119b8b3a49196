"""Alerts as people and machines read them: one module a form. Importing one loads none of the others."""
