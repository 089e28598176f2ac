"""What a client reads about the server and its user: config tree, jslob documents, capabilities, manifests."""
