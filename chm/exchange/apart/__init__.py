"""Files from outside are read in a process of their own, which can do little and is stopped when it takes too much.

`chm.exchange.uploads` is the way in; why it is so: docs/decisions/0013-files-read-apart.md.
"""
