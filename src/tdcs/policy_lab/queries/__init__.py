"""The book and the households as the rules of the laboratory read them; comparisons kept."""
