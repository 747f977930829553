def load(engine: object) -> int:
    return 0
