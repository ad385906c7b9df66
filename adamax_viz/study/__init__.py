"""What is studied: settings, links, files, and the comparison with Keras."""
