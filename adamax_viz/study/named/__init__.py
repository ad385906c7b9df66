"""Studies that have a name: effects and presets, as data."""
