"""Where harm happens: how places rank and why, when, and what may be shown of it to whom."""
