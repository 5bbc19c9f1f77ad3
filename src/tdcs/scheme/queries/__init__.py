"""What a scheme reads: closed days, projections, needs and the plan's tasks; nothing is written."""
