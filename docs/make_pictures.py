"""``python -m docs.make_pictures``: the README's pictures, made by the app itself.

Starts the app, drives it in Chromium, and keeps what its own "Take it home" menu saves, and screenshots of pages.
"""

import io

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.install import FLAGS, find
from tests.browser.server import ROOT, served

PICTURES = ROOT / "docs" / "pictures"
READY = ".al-player[data-state=ready]"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
FILM = "surface=rosenbrock&learning_rate=0.12&steps=150&start=-1.5,1.2&beta_2=0.95"
STRONG = "surface=himmelblau&learning_rate=0.25&start=-0.4,-3.6&steps=90&beta_1=0.93"
LARGEST_PNG, LARGEST_GIF = 300_000, 600_000  # bytes


def opened(page: Page, address: str) -> Page:
    """The page once its player has painted."""
    page.goto(address)
    page.wait_for_selector(READY)
    page.wait_for_selector(IDLE, state="attached")
    return page


def at(page: Page, step: int) -> None:
    """Move the playhead."""
    page.evaluate("step => document.querySelector('.al-player').parentElement.player.jump(step)", step)


def taken(page: Page, kind: str) -> bytes:
    """What the menu saves."""
    page.locator(".al-takehome summary").click()
    with page.expect_download(timeout=60_000) as download:
        page.locator(f"[data-kind={kind}]").click()
    return download.value.path().read_bytes()


def keep(name: str, png: bytes) -> None:
    """Save a PNG as small as it gets in all its colours: a colour is a quantity."""
    Image.open(io.BytesIO(png)).convert("RGB").save(PICTURES / name, optimize=True)
    size = (PICTURES / name).stat().st_size
    assert size < LARGEST_PNG, f"{name} has {size} bytes"
    print(f"{name}: {size // 1000} kB")


def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with served(ROOT) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        opened(page, f"{address}/playground?{STRONG}")
        at(page, 14)
        keep("playground.png", page.screenshot())
        opened(page, f"{address}/playground?{FILM}")
        # The address of this very server is of no use to a reader.
        page.evaluate("() => { document.documentElement.dataset.link = ''; }")
        film = taken(page, "gif")
        assert len(film) < LARGEST_GIF, f"the film has {len(film)} bytes"
        (PICTURES / "film.gif").write_bytes(film)
        print(f"film.gif: {len(film) // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
