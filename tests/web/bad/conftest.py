"""The application for files that nobody should send; one for the whole file of tests."""

from collections.abc import Iterator

import pytest

from caseflow import clock
from caseflow.launch.databases import DatabaseUrls
from tests.conftest import START, copy_of
from tests.web.bad.door import House, furnished


@pytest.fixture(scope="module")
def house(cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for a file of tests; everybody who sends brings a case of their own."""
    clock.set_start(START)
    for database in copy_of(cluster, template):
        with furnished(database, tmp_path_factory.mktemp("objects")) as house:
            yield house
