"""Every link and every file that was ever published opens for ever, to the same run."""

import pytest

from tests.corpus import publishing
from tests.corpus.frozen import DATA, FILES, ON_FILES, differences, read
from tests.corpus.opening import OPENERS

ENTRIES = [entry for path in sorted(DATA.glob("*.json")) for entry in read(path.stem)]


def given(entry):
    return FILES / entry["query"] if entry["page"] in ON_FILES else entry["query"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry['page']}: {entry['name']}")
def test_it_opens_as_it_did(entry):
    opened = OPENERS[entry["page"]](given(entry))
    assert opened.view == entry["view"]
    assert opened.complaints == entry["complaints"]
    assert len(opened.runs) == len(entry["runs"])
    pairs = zip(opened.runs, entry["runs"], strict=True)
    said = [f"{frozen['letter']}: {sentence}" for run, frozen in pairs for sentence in differences(run, frozen)]
    assert not said, f"{entry['query']}: {'; '.join(said)}"


def test_whatever_is_published_is_frozen():
    there = {(entry["page"], entry["query"]) for entry in ENTRIES}
    new = [(page, what) for page, _, what in publishing.published(FILES) if (page, what) not in there]
    assert not new, f"python -m tests.corpus.freeze adds them: {new}"
