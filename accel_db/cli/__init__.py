"""The command line: a fast door for the usual questions, Typer for everything else. Only this room prints and exits."""
