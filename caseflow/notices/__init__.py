"""What the family is owed to hear: messages that moves left in the outbox, in words, and who passed them on.

Not here: gateways, and the pages that families open themselves.
"""
