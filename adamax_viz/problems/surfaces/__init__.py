"""Surfaces: the catalogue, formulas through their gate, noise, and what is done around a surface."""
