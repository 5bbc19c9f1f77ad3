"""`tdcs serve`: the site on one address."""

from __future__ import annotations

import os
import socket
import sys

import click


def free_port(host: str, wanted: int) -> int:
    """``wanted`` when nothing listens there, else the next free one after it."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) != 0:
                return port
    raise click.ClickException(f"no free port from {wanted} to {wanted + 49}")


def run(host: str, port: int, workers: int) -> None:
    """Collect static files and serve until interrupted; blocks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    click.echo(f"http://{host}:{port}/", err=True)
    sys.stderr.flush()
    Granian(
        "tdcs.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site (production: behind a proxy that ends TLS, with TDCS_HTTPS=1)."""
    run(host, port, workers)
