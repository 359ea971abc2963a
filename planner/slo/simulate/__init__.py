"""What the alerts would do: made-up histories, played against the very rules that the planner and Prometheus run."""
