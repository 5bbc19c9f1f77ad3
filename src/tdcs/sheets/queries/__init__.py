"""Where the rows of sheets come from."""
