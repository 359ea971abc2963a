"""Who exports: the service, its version, and which instance of it. OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES win."""

from __future__ import annotations

import socket

from opentelemetry.sdk.resources import OTELResourceDetector, Resource

SERVICE = "planner"


ENVIRONMENT = "deployment.environment.name"
ENVIRONMENT_BEFORE = "deployment.environment"
"""As semantic conventions before 1.27 have it. Whoever sets it has said what is to be said."""


class _Known(Resource):
    """Told apart at no cost: exporters ask for its hash with every item, and the SDK makes that of JSON."""

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def resource(version: str, instance: str, environment: str) -> Resource:
    """What the SDK gives, with our name, version and a lasting instance for its unknown and random ones."""
    own = {
        "service.name": SERVICE,
        "service.version": version,
        "service.instance.id": instance or socket.gethostname(),
    }
    given = OTELResourceDetector().detect().attributes
    if ENVIRONMENT_BEFORE not in given:
        own[ENVIRONMENT] = environment
    made = Resource.create({name: value for name, value in own.items() if value and name not in given})
    return _Known(made.attributes, made.schema_url)
