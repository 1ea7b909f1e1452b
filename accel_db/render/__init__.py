"""Writes answers: one table drawer, JSON, CSV, TSV, Markdown. Knows cards and answers; prints nothing itself."""
