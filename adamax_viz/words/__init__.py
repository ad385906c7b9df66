"""Sentences computed from runs."""
