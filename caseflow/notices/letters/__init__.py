"""Letters L1–L5 for families: what each says, how it becomes a PDF, and how it is issued.

Not here: the rows of letters and when they are revoked (``claims.letters``), and the doors.
"""
