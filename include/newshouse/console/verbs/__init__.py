"""The verbs of `newshouse …`, one module a group: what each takes on the command line, and which function does it."""
