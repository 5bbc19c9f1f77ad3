"""What people do with a year's plan."""
