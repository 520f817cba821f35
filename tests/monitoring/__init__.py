"""What comes after the money: visits, what they said, and how they arrive."""
