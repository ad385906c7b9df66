"""What is minimised: surfaces, formulas and gradient noise."""
