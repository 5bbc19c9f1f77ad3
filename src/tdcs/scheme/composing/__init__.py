"""A version of a scheme as an official document; made from what the version keeps, never from the book."""
