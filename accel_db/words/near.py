"""Near names for messages. Never used to answer a question, only to suggest one."""


def near_names(word, candidates, most=4):
    """Up to ``most`` of ``candidates`` that look like ``word``, nearest first. difflib loads only when called."""
    import difflib

    low = {}
    for candidate in candidates:
        low.setdefault(candidate.lower(), candidate)
    return [low[match] for match in difflib.get_close_matches(word.lower(), list(low), most, 0.6)]
