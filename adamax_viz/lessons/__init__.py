"""Lessons: read from Markdown, their claims checked, their progress kept."""
