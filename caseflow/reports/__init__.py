"""Figures of cases together, the account of one case's time, and rehearsals of a changed rule. Reads only, but for its
own counts (``result_refresh``) and what was seen of the service's health (``service_health``).

Not here: anything that a claim or a visit is made of, and pages (web/oversight, web/casework).
"""
