"""Starts caseflow on one machine: private PostgreSQL, web server, worker; stops them in order.

What a claim is, or what a page looks like, does not belong here; nothing else imports this folder.
"""
