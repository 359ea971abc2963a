"""Who exports: the service, its version, and which instance of it. OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES win."""

from __future__ import annotations

import socket

from opentelemetry.sdk.resources import OTELResourceDetector, Resource

SERVICE = "planner"


def resource(version: str, instance: str) -> Resource:
    """What the SDK gives, with our name, version and a lasting instance for its unknown and random ones."""
    own = {
        "service.name": SERVICE,
        "service.version": version,
        "service.instance.id": instance or socket.gethostname(),
    }
    given = OTELResourceDetector().detect().attributes
    return Resource.create({name: value for name, value in own.items() if value and name not in given})
