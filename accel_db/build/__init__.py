"""Builds the database from the spec files: cards, name table, DuckDB file; then one switch. Refuses a tree with problems."""
