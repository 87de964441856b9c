"""What a good team would write first: Django REST framework, three rows in one transaction, gunicorn.

The yardstick of the intake benchmark; it validates and stores, and does nothing of the routing, dating or sealing.
"""
