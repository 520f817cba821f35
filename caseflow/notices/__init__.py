"""What the family is owed to hear: the messages of the outbox in words, how each leaves, and whether it arrived.

Not here: who is told (``claims.contacts``), why (workflow files and verbs), and the pages that show it.
"""
