"""Answers questions from built data: names, cards, comparisons, SQL. Never reads a spec file, never prints.

The modules that the fast path loads import next to nothing; DuckDB is imported where a question needs it.
"""
