"""What leaves the system by itself: reports mailed on a schedule, messages to borrowers through a gateway.

Owns: schedules with their recipients, what was sent to whom and what became of it, the gateway's adapter. Not: the figures (the
rooms of plans and indicators), reminders to units (plans), the queue that wakes it (jobs).
"""
