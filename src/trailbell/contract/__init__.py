"""What the stack, the functions and the command must agree on, said once.

A leaf: it imports nothing else of ours and no third party, so that each side can import it.
"""
