"""议事与会商: an agenda drawn from matters, who came, and decisions that are matters with an owner and a clock.

Nouns: Council (a meeting), Item (what it talks about), Seat (who is asked and whether they came), Decision. A decision either
settles who handles the matter it was about, or opens a new one; what follows is the procedure's, not this room's.
"""
