"""Doors for other machines."""
