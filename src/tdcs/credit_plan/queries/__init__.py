"""What a plan's pages read: needs and the book beside them, allotments, rounds, execution."""
