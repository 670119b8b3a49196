"""Filter sync: keeps what wakes the detector equal to what the configs in force ask for."""
