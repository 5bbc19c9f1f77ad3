"""The movement: what is told, taught, supported, rewarded and raised for policy credit, recorded where it is done.

Owns: the small registers that law/registers.yaml defines, classes with their attendance and evaluation.
Not: boards and their meetings (boards), which tasks a record serves (plans), money that is raised (capital).
"""
