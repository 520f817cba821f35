"""Doors for people, one blueprint per audience. Views fetch, check, call one verb and answer.

Not here: rules, law, SQL beyond calling queries.
"""
