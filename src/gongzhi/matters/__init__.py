"""Matters: what people bring up, from the report to the last word. The heart of the platform.

Promises: one open lead at a time; the published procedure is the single judge of what may happen next, and pages and API
ask it; every change is one transaction, one version and one act; every deadline explains itself; a list never shows
what the object would refuse; a change that the reporter can see is told.
Nouns: Matter, its facts (Assignment, Signature, Contact, ExtensionRequest, ReturnRequest, Answer, Verification,
CallBack, Appraisal, Closure …), ClockRun, Report, Verdict. Facts are ended, never deleted. Knows no HTTP and does not
categorise or locate: intake does, before it hands reports in.
"""
