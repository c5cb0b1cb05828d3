"""Small writes that a crash leaves whole, and folders that only their owner reads."""

import os
import shutil
import tempfile
from pathlib import Path

from deploy.local.unusable import Unusable


def write_atomically(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Write a file by renaming a finished one over it: a reader sees the old content or the new, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    os.chmod(name, mode)
    os.replace(name, path)


def private_folder(path: Path) -> Path:
    """This folder, made for its owner alone if it was not there; one that is there keeps its permissions."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as reason:
        raise Unusable(f"the folder {path} cannot be made ({reason.strerror}); STATE=/another/folder names another.") from reason
    return path


def public_folder(path: Path) -> Path:
    """This folder, for everyone to pass through, whatever the umask; one that is there keeps its permissions."""
    if not path.is_dir():
        path.mkdir(parents=True)
        path.chmod(0o755)
    return path


def demand_room(path: Path, megabytes: int = 1024) -> None:
    """Refuse to begin where the disk would fill up under a broker and a database."""
    free = shutil.disk_usage(path).free // 2**20
    if free < megabytes:
        raise Unusable(f"only {free} MB are free in {path}; at least {megabytes} MB are needed. Free some, or set STATE=/a/roomier/folder.")
