"""Results to Plotly figures: pure functions, colours passed in, user text escaped."""
