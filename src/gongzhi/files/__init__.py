"""Files: bytes by their hash, kept once, checked before they are kept, given out only after a decision.

Promises: what is kept is what we recognised by content, never by name; images are drawn anew (no EXIF, no position, no
passenger data); a file is served only to who may see what it is attached to, asked again at every download; a crash
leaves no half file. Nouns: File, Attachment, Upload. Does not know what a file is attached to: rooms register a Sight.
"""
