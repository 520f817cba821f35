"""Evidence: what was done or seen by whom, requests answered once, checkers of what must always be true.

Not here: the history of a case, which is the engine's own.
"""
