"""The office of the case screens, for the pages that look at the whole."""

from tests.web.casework.conftest import office as office
