"""Documents of the plan, composed from its rows: letters, plans of units, submissions, the frame of all."""
