"""What a person has typed and not yet sent: kept on the server by form and person, shown again, thrown away when sent.

Owns: drafts, how a form is filled with them again, the page's script that keeps them. Not: any record (a draft is none).
"""
