"""docs/alerts.md shows what the code makes."""

import re

from scripts import alerts_page


def test_the_page_is_fresh() -> None:
    assert alerts_page.PAGE.read_text(encoding="utf-8") == alerts_page.markdown(), "run make pictures"


def test_every_alert_has_its_picture() -> None:
    pictures = re.findall(r"\]\((images/[^)]+\.png)\)", alerts_page.PAGE.read_text(encoding="utf-8"))
    assert len(pictures) == 10
    assert [name for name in pictures if not (alerts_page.PAGE.parent / name).is_file()] == []
