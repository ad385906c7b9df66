"""What a session remembers, and the address that names it."""
