"""After the money: the plan of visits, visits and what they found, consent, devices, referrals.

Not here: anything that decides about a claim or a payment. Claims and payments can never import this folder.
"""
