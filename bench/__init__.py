"""Measures caseflow against limits taken in the same run; ``python -m bench`` prints the ratios."""
