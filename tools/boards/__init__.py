"""The dashboards without Grafana: every panel drawn from a Prometheus' answers, as pages that need nothing else.

``python -m tools.boards --prometheus http://127.0.0.1:9090 --out build/boards``; ``make boards``. Panels are read as
Grafana reads them, from the same dictionaries, and drawn much as it draws them. What asks Loki or Tempo is not drawn.
"""
