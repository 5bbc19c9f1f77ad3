"""Pages of indicators: the first screen, the tables below it, the loans behind them, and why a figure is what it is."""
