"""The language staff give orders in by mail: its words, its grammar, its times, who may say what.

What an order does to a ticket is not said here.
"""
