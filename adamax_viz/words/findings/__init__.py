"""What the runs of a study show, in sentences computed from them, by family."""
