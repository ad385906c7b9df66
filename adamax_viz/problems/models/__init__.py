"""Tiny Keras models: networks, data, and the problem an optimizer is given."""
