"""Who may do what: persons, accounts, roles by area, sign-in, slips and devices of families.

Not here: workers and heirs; they are subjects of cases, not users.
"""
