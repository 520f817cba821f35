"""Who is covered and when: regions, holidays, dated settings, workers and the months paid for them.

Not here: claims, and what the law makes of the months (law).
"""
