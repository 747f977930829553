"""The complex strategy meeting: who should be in the room, what is said there, and what everybody leaves with."""
