"""The close of day: the book as a fold, `snapshot(day) = close(snapshot(day - 1), events(day))`.

Owns: snapshots (a row for each loan that owes, as Parquet by day and office), their sums, the runs that made them, replay.
Not: what a loan owes (loans.rules), indicators and targets, what the month-end posts in the ledger.
"""
