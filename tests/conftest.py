"""What all tests share: the project's own options, and the profiles of the property tests."""

from collections.abc import Generator

import pytest
from hypothesis import settings

# A busy machine is no failed test. Where skips are forbidden a run must be repeatable, too.
settings.register_profile("explore", deadline=None)
settings.register_profile("repeat", deadline=None, derandomize=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the project's own options."""
    parser.addoption("--no-skips", action="store_true", help="count a skipped test as a failed one, as CI does")
    parser.addoption("--update-readme", action="store_true", help="write what `suragh scan` prints into the README")
    parser.addoption("--update-formats", action="store_true", help="write what readers say into docs/formats.md")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile of the property tests."""
    settings.load_profile("repeat" if config.getoption("--no-skips") else "explore")


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Generator[None, None, None]:
    """Keep the tester's own cache out of the tests, and what tests keep out of the tester's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("SURAGH_CACHE", raising=False)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one."""
    report = yield
    if item.config.getoption("--no-skips") and not hasattr(report, "wasxfail"):
        _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a file that skips itself into a failed one."""
    report = yield
    if collector.config.getoption("--no-skips"):
        _forbid_skip(report)
    return report


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{reason} (skips are failures here: --no-skips)"
