"""What the server does beside the pages: routes, caches, live answers."""
