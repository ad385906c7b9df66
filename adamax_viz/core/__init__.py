"""The subject itself: Adamax, Keras's pipeline around it, and recorded runs. NumPy only."""
