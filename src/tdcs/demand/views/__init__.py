"""Pages of surveys and of access."""
