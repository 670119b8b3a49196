"""What functions stand on: AWS clients with their time-outs, the init phase, and what lies in their packages."""
