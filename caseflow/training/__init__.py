"""Practice: invented people, nagari and papers that go through the real verbs.

Not here: anything that a real installation needs.
"""
