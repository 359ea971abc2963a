"""What contributors run: `python -m tools.NAME`. Not part of the planner."""
