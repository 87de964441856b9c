"""突发事件: one event, many calls. A burst main rings five hundred times in an hour; each caller is heard, one unit handles.

Nouns: Incident (around a heart, the matter that is handled), Gathered (a report collected into it), Update (one message to
all), CallBack (each person is called), Entry (duty, resource or note in the log). Plans are data. Reports come by
themselves, by place, time and kind; the rule says why. It does not handle the matter: that is the procedure's.
"""
