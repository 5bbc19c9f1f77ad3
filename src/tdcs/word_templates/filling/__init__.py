"""A template read, checked and filled in: without a database, in a process of its own (apart.py)."""
