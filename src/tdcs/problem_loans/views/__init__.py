"""Pages of warnings, dossiers and rounds."""
