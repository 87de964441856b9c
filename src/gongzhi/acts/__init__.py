"""Acts: the one record of what was done, by whom, when, under what right. State is a table, the act is a row.

Promises: `actions.record` is the only way to write an act and runs in the transaction of the rows it explains;
an act is never changed; every committed act gets exactly one dense `position`, whatever order commits arrive in;
what the act said can be erased (personal data), that it happened cannot.
Nouns: Act, ActContent, Leaf, Subject, Draft, Sequenced, Reaction, DeadLetter, Tombstone.
Does not know what an act means: rooms bring their own events and react to others' acts after commit.
"""
