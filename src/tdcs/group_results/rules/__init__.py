"""Rules of a group's month and of what follows from it."""
