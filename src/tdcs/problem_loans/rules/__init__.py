"""What is warned of, in which words, and how good it is; promises kept; pure functions over columns."""
