"""What pictures of a training show."""
