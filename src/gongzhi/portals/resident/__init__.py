"""The residents' door, phone first: say what is wrong, follow it, talk, rate it, ask again. Works without JavaScript.

Nobody needs an account: a number with its follow code, or with the phone number given, opens one's own matter for the
rest of the visit. What is shown here is what the reporter is told; nothing of the desk's.
"""
