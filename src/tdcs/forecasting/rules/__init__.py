"""Pure rules of projections: columns and whole numbers in and out, no clock, no database."""
