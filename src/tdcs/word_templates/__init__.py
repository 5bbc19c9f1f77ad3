"""Word templates of the branch's own: a .docx with tags, filled in from a loan, a group, a commune, a unit or an inspection.

Owns: which tags there are (law/word_templates, as data), templates with their versions, filling in apart and under bounds.
Not: the forms that the law prescribes (documents/forms, law/forms), what a loan owes, who may see it.
"""
