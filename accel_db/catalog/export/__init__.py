"""The database handed on: as tables for other engines, as described data packages, as a folder any web server can serve."""
