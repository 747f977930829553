"""What users do with records: one function an intention, each through `desk.intention`."""
