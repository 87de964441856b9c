"""Notices: what people were told, in which words, by which way, and whether it reached them.

Promises: the text that was sent is kept with the version of its template; one act tells one recipient once by each way;
contact data is decrypted at the moment of sending and at no other; what could not be sent is visible.
Nouns: Notice, Template, Outgoing, Recipient, Gateway. Does not know what the notices are about.
"""
