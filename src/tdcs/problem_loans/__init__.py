"""Problem loans: who is warned of early, what is done about households in difficulty, rounds of risk handling.

Owns: warnings with their notes, dossiers with contacts and promises, rounds with losses, lists and minutes.
Not: what a loan owes and how it is frozen or written off (loans), a group's rating (group_results), its board (entrustment).
"""
