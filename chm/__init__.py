"""The Contextual Harm Matrix: scoring, linking and planning for young people experiencing harm outside the home."""
