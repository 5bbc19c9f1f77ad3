"""What is done about warnings and problem loans."""
