"""What is minimised: surfaces, formulas and gradient noise; tiny models and their data."""
