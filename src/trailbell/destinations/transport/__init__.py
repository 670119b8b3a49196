"""How destinations are reached: HTTPS, secrets, signatures, and what an answer means."""
