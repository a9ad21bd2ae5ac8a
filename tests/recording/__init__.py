"""A recording of what the server answers: a fixed script over all operations of all contracts, and the rows that it
leaves.
"""
