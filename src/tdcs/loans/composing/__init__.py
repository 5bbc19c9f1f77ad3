"""Papers of the loans room, put together from what the database holds."""
