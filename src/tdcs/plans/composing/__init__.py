"""Documents of the plan, composed from its rows: reports, letters, plans of units, submissions."""
