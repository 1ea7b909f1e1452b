"""From claims to answers: derived values, then ranks and verdicts, then headlines. Pure functions on plain values; no files."""
