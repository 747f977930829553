"""What links young people, and what disrupting it would change: computed from ties, kept nowhere."""
