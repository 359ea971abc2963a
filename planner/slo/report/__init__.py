"""Reports on the promises over a time that is past: figures, what follows from them, and pages. Pure."""
