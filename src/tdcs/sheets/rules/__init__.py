"""What a sheet is, as law/sheets.yaml says it, and what is computed of rows without a database."""
