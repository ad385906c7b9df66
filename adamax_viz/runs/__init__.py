"""What happened: the run of a spec, trainings, runs side by side."""
