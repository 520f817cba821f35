"""A claim from report to decision: facts, family, checks, computed benefit, the second person's word.

Not here: moving money (payments), the law itself (law), papers (documents).
"""
