"""Pages of the loans room."""
