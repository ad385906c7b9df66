"""Against the installed Keras: comparisons, verdicts, facts, and the reference."""
