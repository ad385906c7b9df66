"""What is studied: the settings and their table, studies of several runs, and the links that name them."""
