"""The front door as people and programs meet it: the whole platform runs, nothing is stood in for."""
