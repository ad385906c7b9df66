"""Find a Chromium for the browser tests, or install one: from the system's packages, else Playwright's own build.

Where there is no nginx the system's packages bring one too; the tests of deploy/ are skipped without.
"""

import shutil
import subprocess
import sys
from pathlib import Path

# Chromium as root in a container, without a GPU, without calls to the world.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-compositing",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """The path of a browser: on the PATH, or where Playwright keeps its own."""
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Install what is missing."""
    missing = ["chromium"] * (not find()) + ["nginx-light"] * (not shutil.which("nginx"))
    if missing and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        for package in missing:
            subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False)
    if not find():
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)


if __name__ == "__main__":
    install()
    print(f"browser: {find()}")
