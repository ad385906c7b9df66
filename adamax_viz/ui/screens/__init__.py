"""What each page shows, but for Models and Effects."""
