"""Doors for who follows families after the money."""
