"""A training as its player is given it."""
