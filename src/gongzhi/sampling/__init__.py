"""质检抽样: who checks what was said about a case, without knowing what was said.

Promises: a frame is frozen once, with a seed; whoever has the seed and the population draws the same sample again. Every
street and kind of case is in it. An evaluator sees words, answer and a masked number, never what the unit, call-back or
another evaluator said. One in twenty is looked at twice, by two people; where they differ a third decides.
Nouns: Frame, Stratum, Member, Task, Entry.
"""
