"""What a projection reads: closed month-ends, and nothing else of the book."""
