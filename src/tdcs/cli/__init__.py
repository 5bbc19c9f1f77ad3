"""The command line: one command per service, JSON with --json, progress on stderr.

Owns: arguments and output. Not: the work itself.
"""
