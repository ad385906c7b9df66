"""A frozen corpus of published links and files, and the runs they opened."""
