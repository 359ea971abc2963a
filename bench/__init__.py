"""Measurements beside the peers: ``python -m bench`` (``make bench``)."""
