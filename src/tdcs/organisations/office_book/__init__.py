"""The workbook of transaction offices and transaction points: its columns, and what a clerk's file says; needs no database."""
