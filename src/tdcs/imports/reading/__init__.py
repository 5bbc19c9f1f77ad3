"""A workbook of the core, from bytes to typed columns, in a process of its own."""
