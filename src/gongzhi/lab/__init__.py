"""推演 (replay): a past period judged once more under rules that are only proposed, before anybody publishes them.

Promises: nothing is changed but one Trial row and its act; the rules in force replayed against themselves differ in
nothing; complaints about a unit or a worker are left out, since no list routes them. What it cannot know: how people
would have behaved. Nouns: Case, Rules, Outcome, Trial.
"""
