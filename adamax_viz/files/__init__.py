"""What is saved and opened again: tables, settings, archives, code."""
