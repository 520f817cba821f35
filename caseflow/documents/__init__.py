"""Papers: what is asked and why, how bytes come in and stay unchanged, what an officer says of them.

Not here: what a paper means for the claim (claims).
"""
