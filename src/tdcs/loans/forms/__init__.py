"""Forms of the loans room; what the law or the day forbids is refused by the services."""
