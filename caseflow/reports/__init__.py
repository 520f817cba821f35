"""Figures of cases together, the account of one case's time, and rehearsals of a changed rule. Reads only.

Not here: anything that is written, and pages (web/oversight, web/casework).
"""
