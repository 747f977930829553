"""Missing episodes: who is missing at the same times, whether chance explains it, and what followed the return."""
