"""File formats in and out: Word documents, CSV."""
