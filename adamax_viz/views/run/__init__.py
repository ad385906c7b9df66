"""What pictures of a run on a surface show."""
