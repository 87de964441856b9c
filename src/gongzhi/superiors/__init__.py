"""Superiors: platforms above us (city 12345, 数字城管, 综治, another installation) that give orders and decide on them.

Promises: an order becomes one matter under its own number and deadline, however often it is sent; what is done here
that the superior must know goes back once, in its template, with a receipt; its decisions come in and move the matter,
and nobody here can make them; what failed is visible and can be sent again. A superior is data: a row and a mapping.
Nouns: Superior, Order, Message, mapping, adapter. Does not judge what may happen to a matter: the procedure does.
"""
