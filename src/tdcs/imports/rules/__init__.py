"""Pure: what a sheet is, what its cells mean, what is wrong with a row, what the law says of it."""
