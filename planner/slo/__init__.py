"""Service level objectives: what is promised, and how it stands. Pure: counts come in, figures go out."""
