"""The words everything else is said in: errors, units, printed figures, intervals, dates, names, metrics, expressions.

This room knows no file of the database and asks nobody else.
"""
