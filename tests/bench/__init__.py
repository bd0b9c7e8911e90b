"""What one mail costs: a generated mailbox, the real daemon, and the figures of docs/benchmarks.md.

Nothing here is a test of behaviour, and no test asserts a time.
"""
