"""The register of letters in and out (văn bản đến, văn bản đi) of every unit.

Owns: a line for each letter in the book of who sent it and of who received it, acknowledgement, answers due. Not: the
letters themselves (the rooms that write them enter them here in the same transaction).
"""
