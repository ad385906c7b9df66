"""Runs and trainings as Python code."""
