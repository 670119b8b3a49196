"""The config validator: AppConfig asks it before a deployment starts."""
