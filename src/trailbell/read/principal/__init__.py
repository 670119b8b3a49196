"""Who acted: one class an identity type, a file each, named by a line of the registry."""
