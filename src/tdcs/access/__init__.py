"""People, their dated roles over an organisation, and what each role may do.

Owns: accounts, role holdings, who looks after which hamlet, the permission table, the gate each route declares,
visible-to rules.
Not: what is done with a permission (each room), the record of what was done (audit).
"""
