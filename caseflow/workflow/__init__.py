"""The engine: workflow files become frozen definitions, ``fire`` moves a case and leaves its history row.

Not here: what the moves mean (claims, payments), who people are (people), any law.
"""
