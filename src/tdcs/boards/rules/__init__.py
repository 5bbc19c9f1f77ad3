"""Pure rules of boards: who sits, when a meeting may decide."""
