"""Documents of reports, composed from what the queries read."""
