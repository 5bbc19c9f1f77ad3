"""Papers of the room."""
