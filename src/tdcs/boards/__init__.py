"""Boards of representatives and the heads who answer: who holds which office, meetings, resolutions, reviews.

Owns: holders of offices, seats of boards, meetings from invitation to resolution, conclusion sheets, yearly self-reviews.
Not: obligations (plans, to which a resolution gives them), sessions (transaction_points), figures (indicators).
"""
