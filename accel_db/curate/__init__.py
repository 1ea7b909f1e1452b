"""Reads the spec files, checks them, and flattens them to claims. Knows files and pydantic; judges nothing."""
