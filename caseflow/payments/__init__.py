"""Money: account check, instruction, batch, bank file, statement, match. Never twice, never silently.

Not here: how much and to whom (claims decides, payments obeys).
"""
