"""What the law says of a claim, as pure functions over stated facts and dated numbers.

No database, no web page, no clock and no state of a case belongs here: who asks brings the facts and the day.
"""
