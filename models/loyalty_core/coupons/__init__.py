"""Coupons: books, codes, assigning and using them, what they cost, and offering books to partners."""
