"""Labels, and the sentences that begin like them."""

from __future__ import annotations

import pytest

from newshouse.parse.text.labels import is_byline, is_junk, is_label


@pytest.mark.parametrize("line", ["By Ines Falk", "Von Ines Falk und Tom Berg", "Text: Ines Falk"])
def test_a_few_names_behind_the_word_for_by_are_a_label(line):
    assert is_byline(line) and is_label(line) and not is_junk(line)


@pytest.mark.parametrize("line", ["By morning all had gone.", "Text messages"])
def test_a_line_that_begins_like_a_byline_is_text(line):
    assert not is_byline(line) and not is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter and read the best of the coast each morning.",
        "READ MORE: Will the ferries of the strait ever sail again?",
        "Posted: Saturday, July 4, 2026. 10:11 pm CST, by hand.",
        "Copyright 2026 Courier",
        "NEWSLETTER",
        "© Harbour Courier",
        "12 comments",
        "Pages: 1 2 3",
        "Share this with your friends",
        "Crédits photos Ines Falk",
        "【写真】夜の港",
        "저작권자 항구일보",
        "항구일보, 무단 전재 및 재배포 금지",
        "김하늘 기자 haneul@courier.example",
    ],
)
def test_what_asks_or_names_a_field_is_a_label(line):
    assert is_junk(line) and is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright in the drawings of the ferry belongs to the heirs of its builder, a court ruled in May.",
        "Sign up numbers for the new line rose to 900, the operator said.",
        "Les mercenaires ont quitté le port.",
        "Stand 2019 noch zwölf Boote im Hafen.",
        "Posted to Kabul in 2004, he learned the language within a year.",
        "Read more than forty books on the strait, and none of them names the lock.",
    ],
)
def test_a_sentence_that_begins_like_a_label_is_text(line):
    assert not is_junk(line) and not is_label(line)


def test_no_label_is_as_long_as_a_paragraph():
    assert not is_label("Copyright " + "of the heirs " * 40)


@pytest.mark.parametrize(
    "line",
    [
        "Guests pick their cakes from cabinets of glass. | Photo by Lisa Horn",
        "Der Leiter der Schule am Montag © VS Sorvik",
        "The terminal in 2014. Foto: Tom Berg",
        "Golf im Fernsehen: die Zeiten im Überblick. (Foto: Sorvik)",
        "【写真】夜の港に停泊するフェリー",
        "Źródło: PAP",
        "Are ferries late in your town? Get in touch at desk@courier.example",
        "As a partner of a shop I earn from qualifying purchases.",
    ],
)
def test_a_caption_with_its_credit_or_a_line_to_readers_is_a_label(line):
    assert is_junk(line)


@pytest.mark.parametrize(
    "line",
    [
        "See also: the council found in 2019 that the old pier was safe, and nobody read the report.",
        "The court has seen one photo by the pier and two of the boat.",
        "“Are you sure?” she asked, and he wrote to her that he was.",
        "She sold the picture: it was of the pier",
        "Are you ready for the storm? The town is, said the mayor, and she has a list.",
    ],
)
def test_a_sentence_with_such_words_is_none(line):
    assert not is_junk(line)


@pytest.mark.parametrize(
    "line",
    [
        "Child tax credit: how to claim it",
        "Universal Credit: £393 a month for those over 25",
        "Universal Credit: Claimants Wait",
        "Body image: why it matters to boys, too",
        "Stolen photos by Picasso's neighbour found",
        "Photos by Ansel Adams go on show",
        "Image by image, the film tells of the flood",
        "Viral Photo: What Happened Next",
        "Neues Foto: Prinz George wird zehn",
        "Das Bild: ein Rätsel bis heute",
        "Bilder: warum wir sie brauchen",
        "La foto: un símbolo de la guerra",
        "Фото: как это было",
        "Lettre de crédit: comment ça marche",
    ],
)
def test_what_only_speaks_of_pictures_and_credits_is_no_credit(line):
    assert not is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "A boat in the harbour Photo: Ines Falk",
        "Der Hafen am Morgen. Foto: dpa",
        "Featured image: Ines Falk via Nordbild",
        "Guests pick their boats at the pier. | Photo by Ines Falk",
        "The pier at dusk. Image by Ines Falk",
        "Verlinden tijdens de storm. — © NORDBILD",
    ],
)
def test_captions_that_end_with_who_took_the_picture_are_labels(line):
    assert is_label(line)
