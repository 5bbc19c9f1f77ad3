"""What a group's month came to: its rating, the commission of its board, the fee of the organisation behind it.

Owns: the rules of rating, commission and fee, the month's savings and loans as their figures, what a group must do
to rise, cases of consolidating weak boards, the pages of all.
Not: groups, members, savings and the kept rows of ratings (entrustment), loans (loans), entries of the month's end (closing).
"""
