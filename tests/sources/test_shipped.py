from __future__ import annotations

from pathlib import Path

import pytest

from newshouse.settings import SAMPLE_SOURCES
from newshouse.sources.load import check_sources, load_sources
from newshouse.sources.model import Bounds, Politeness, Source
from newshouse.sources.strict import keys_of

SHIPPED = Path(__file__).resolve().parents[2] / "include" / "sources"


@pytest.fixture(scope="module")
def shipped() -> list[Source]:
    return list(load_sources(SHIPPED).values())


def test_the_shipped_sources_are_many_and_from_all_over(shipped: list[Source]) -> None:
    assert len(shipped) >= 25
    assert len({source.country for source in shipped}) >= 15
    assert {"ar", "de", "en", "es", "fr", "ja", "ko", "pt"} <= {source.language for source in shipped}
    assert {"korea-times", "yonhap-en", "yonhap-ko"} <= {source.id for source in shipped}


def test_no_shipped_source_claims_to_be_verified(shipped: list[Source]) -> None:
    assert [source.id for source in shipped if source.verified] == []


def test_each_shipped_source_has_a_homepage_of_its_own(shipped: list[Source]) -> None:
    assert len({source.homepage for source in shipped}) == len(shipped)


def test_shipped_sources_are_read_gently_over_https_and_never_on_private_hosts(shipped: list[Source]) -> None:
    for source in shipped:
        assert (source.politeness.delay_seconds or 0) >= 2, source.id
        assert 0 < source.bounds.min_articles_a_day < source.bounds.max_articles_a_day, source.id
        assert all(url.startswith("https://") for url in (source.homepage, *source.feeds, *source.sitemaps)), source.id
        assert source.tags and source.enabled and not source.allow_private, source.id


def test_the_example_in_the_manual_loads_and_shows_every_key(tmp_path: Path) -> None:
    manual = (SHIPPED.parents[1] / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    example = manual.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "korea-times.yaml").write_text(example, encoding="utf-8")
    assert check_sources(tmp_path) == []
    assert [key for record in (Source, Politeness, Bounds) for key in keys_of(record) if f"{key}:" not in example] == []


def test_the_files_of_the_sample_newsroom_load() -> None:
    if not any(SAMPLE_SOURCES.glob("*.yaml")):
        pytest.skip("the sample newsroom has no sources yet")
    assert check_sources(SAMPLE_SOURCES) == []
