"""Exchange: what leaves the house for other systems. Webhooks, and the one client that may call an address.

Promises: a subscriber receives each act it may know of at least once, signed, with an id by which repetitions are
recognised; personal data is never in it; no address inside our network is ever called; what could not be delivered is
visible and can be sent again. Nouns: Subscription, Delivery. Does not know what an act means.
"""
