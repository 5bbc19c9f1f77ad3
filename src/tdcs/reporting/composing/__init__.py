"""Documents of reports, composed from rows that the queries hand over."""
