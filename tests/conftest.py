"""How many examples are drawn, what is left to thorough runs, and the one place where a test may say it cannot run."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

# `ci` draws the same examples every time; `thorough` draws new ones, many more (and `counties.SEEDS` are more).
settings.register_profile("ci", max_examples=150, derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked `thorough` to `make thorough`: it takes long, and the same is done smaller beside it."""
    left = [item for item in items if item.get_closest_marker("thorough")]
    if left and PROFILE != "thorough":
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def java() -> str:
    """The Java that Spark needs. Without it the test is skipped, which CI refuses."""
    found = shutil.which("java")
    if found is None:
        pytest.skip("Java is not installed (Debian: openjdk-17-jre-headless)")
    return found


WAIT = "import os, sys; print(os.environ['JUNHENG_DATABASE'], flush=True); sys.stdin.read()"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of the tests' own. Without its programs the test is skipped, which CI refuses."""
    tool = Path(__file__).parents[1] / "tools" / "postgres.py"
    command = [sys.executable, str(tool), sys.executable, "-c", WAIT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cluster:
        assert cluster.stdin
        assert cluster.stdout
        if not (address := cluster.stdout.readline().strip()):
            pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
        yield address
        cluster.stdin.close()


@pytest.fixture(scope="session")
def soffice() -> str:
    """The LibreOffice that recalculates workbooks. Without it the test is skipped, which CI refuses."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-calc-nogui)")
    return found


@pytest.fixture(scope="session")
def tesseract() -> str:
    """The Tesseract that knows Chinese. Without it the test is skipped, which CI refuses."""
    from junheng_web.evidence.recognising import installed

    if not installed():
        pytest.skip("Tesseract is not installed (Debian: tesseract-ocr tesseract-ocr-chi-sim)")
    return "tesseract"


@pytest.fixture(scope="session")
def clamd() -> str:
    """The virus scanner's daemon. Without it the test is skipped, which CI refuses."""
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("ClamAV is not installed (Debian: clamav-daemon)")
    return found


@pytest.fixture(scope="session")
def scip() -> ModuleType:
    """The second engine of plans. Without it the test is skipped, which CI refuses."""
    try:
        return importlib.import_module("pyscipopt")
    except ImportError:
        pytest.skip("pyscipopt is not installed (the extra scip)")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where nothing may be skipped and something was."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and os.environ.get("JUNHENG_NO_SKIPS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"{skipped} test(s) skipped where every test must run", red=True)
