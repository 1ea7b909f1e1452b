"""The wheel's build hook: runs the project's own builder, so that a wheel carries built data and an editable install has some.

For a wheel the data is built in a temporary folder and forced in; for an editable install it is built in the tree.
A problem in a spec file ends the build with its file and line.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildDataHook(BuildHookInterface):
    """Builds ``accel_db/data`` for wheels and editable installs."""

    temporary: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the data; ``version`` is "editable" or "standard"."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from accel_db.build.builder import build
        from accel_db.words.errors import AccelError, SpecProblems

        if version == "editable":
            data = root / "accel_db" / "data"
        else:
            self.temporary = tempfile.mkdtemp(prefix="accel-db-")
            data = Path(self.temporary)
        try:
            folder, _ = build(root / "specs", data)
        except SpecProblems as error:
            raise SystemExit("\n".join([error.message, *(f"specs/{problem}" for problem in error.problems)])) from None
        except AccelError as error:
            raise SystemExit(error.message) from None
        if version != "editable":
            build_data["force_include"][str(folder)] = f"accel_db/data/{folder.name}"
            build_data["force_include"][str(data / "current")] = "accel_db/data/current"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the temporary folder."""
        if self.temporary:
            shutil.rmtree(self.temporary, ignore_errors=True)
