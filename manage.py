#!/usr/bin/env python
"""Django's own commands (migrations, messages) for developers; people use `tdcs`."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")
    execute_from_command_line(sys.argv)
