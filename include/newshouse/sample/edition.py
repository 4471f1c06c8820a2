"""What the newsroom shows on one day: a pure function of the epoch and the clock's UTC date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from newshouse.sample.blocks import Block, parse_blocks
from newshouse.sample.content import Publisher, Removal, Story, Version, publishers, story
from newshouse.sample.printed import fill_dates


@dataclass(frozen=True, slots=True)
class Edition:
    """The newsroom on the UTC date `today`. Times it gives are aware, in the publisher's zone."""

    epoch: date
    today: date

    @property
    def last_day(self) -> int:
        """The youngest day on line; negative before the first."""
        return (self.today - self.epoch).days - 1

    def online(self, publisher: Publisher) -> tuple[Story, ...]:
        """All stories published so far, the removed ones included, oldest first."""
        found = [s for s in publisher.stories if s.day <= self.last_day]
        return tuple(sorted(found, key=self.published_at))

    def listed(self, publisher: Publisher) -> tuple[Story, ...]:
        """What feeds and fronts list: online and not removed, newest first."""
        return tuple(s for s in reversed(self.online(publisher)) if self.removal(s) is None)

    def removal(self, story: Story) -> Removal | None:
        """How the story was taken down, if it was by today."""
        return story.removal if story.removal and story.removal.day <= self.last_day else None

    def revision(self, story: Story) -> int:
        """1 for the first publication, one more with each change made by today."""
        return sum(version.day <= self.last_day for version in story.versions)

    def version(self, story: Story) -> Version:
        """The story as it stands today, its dates filled in."""
        version = story.versions[self.revision(story) - 1]
        return replace(
            version,
            title=self._filled(story, version.title),
            deck=self._filled(story, version.deck) if version.deck else None,
            text=self._whole_text(story, version),
        )

    def blocks(self, story: Story) -> tuple[Block, ...]:
        """The body as it stands today."""
        return parse_blocks(self.version(story).text)

    def dateline(self, story: Story) -> str | None:
        """The words before the first sentence."""
        return self._filled(story, story.dateline) if story.dateline else None

    def picture(self, story: Story) -> tuple[str, str, str] | None:
        """Caption, credit and description of the picture above the text."""
        if story.picture is None:
            return None
        caption, credit, description = story.picture
        return self._filled(story, caption), credit, description

    def published_at(self, story: Story) -> datetime:
        """First publication."""
        return self._moment(story, story.versions[0])

    def modified_at(self, story: Story) -> datetime | None:
        """Last change; None for a story that never changed."""
        revision = self.revision(story)
        return self._moment(story, story.versions[revision - 1]) if revision > 1 else None

    def changed_at(self, story: Story) -> datetime:
        """When its address last began to answer differently."""
        removal = self.removal(story)
        if removal:
            return datetime.combine(self.day(removal.day), time(12), UTC)
        return self.modified_at(story) or self.published_at(story)

    def day(self, number: int) -> date:
        """The date of a day that is counted from the epoch."""
        return self.epoch + timedelta(days=number)

    def path(self, story: Story) -> str:
        """The path and query of the story's address, percent-encoded."""
        if story.path:
            return story.path
        day = self.day(story.day)
        pattern = publishers()[story.publisher_id].url
        return pattern.format(
            year=day.year,
            month=f"{day.month:02}",
            day=f"{day.day:02}",
            section=story.section,
            slug=quote(story.slug),
            number=story.number,
        )

    def url(self, story: Story) -> str:
        """The story's own address."""
        return f"http://{publishers()[story.publisher_id].host}{self.path(story)}"

    def _moment(self, story: Story, version: Version) -> datetime:
        return datetime.combine(self.day(version.day), version.time, publishers()[story.publisher_id].zone)

    def _filled(self, story: Story, text: str) -> str:
        return fill_dates(text, self.day(story.day), publishers()[story.publisher_id].date_style)

    def _whole_text(self, told: Story, version: Version) -> str:
        """A copy carries the agency's text word for word, counted from the agency's day."""
        own = self._filled(told, version.text)
        if told.copy_of is None:
            return own
        original = story(told.copy_of)
        return self._filled(original, original.versions[0].text) + "\n" + own
