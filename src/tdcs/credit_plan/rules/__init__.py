"""How a year's plan is divided, added up, followed and moved; pure columns."""
