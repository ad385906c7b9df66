"""Documentation, and the script that makes its pictures."""
