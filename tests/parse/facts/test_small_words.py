from __future__ import annotations

import pytest

from newshouse.parse.facts.small_words import SMALL_WORDS, reads_as

TEXTS = {
    "en": "The council of the city has voted to open a ferry line, and it will be on the water by spring, as it was "
    "planned for years.",
    "de": "Der Rat der Stadt hat für eine Fähre gestimmt, die im Frühling mit zwei Booten auf dem Wasser ist, und "
    "das ist nicht von allen gewollt.",
    "fr": "Le conseil de la ville est pour une ligne de ferry qui, au printemps, est sur les eaux du port avec des "
    "bateaux pas plus grands que ce bus.",
    "es": "El consejo de la ciudad votó por una línea que se abre para la primavera, y los barcos del puerto son más "
    "rápidos que el tren según la empresa.",
    "it": "Il consiglio della città ha votato per una linea di traghetti che non è più nel porto, con le barche del "
    "gruppo alla riva.",
    "pt": "O conselho da cidade votou por uma linha que não é mais do porto, com os barcos para a outra margem, e foi "
    "na primavera que se abriu ao público.",
    "nl": "De raad van de stad stemt voor een veer dat in het voorjaar met twee boten op het water is, en dat er ook "
    "niet voor iedereen is.",
    "sv": "Rådet i staden har röstat för en färja som till våren är på vattnet med två båtar, och det var inte för att "
    "den kan gå från hamnen.",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_told_by_the_small_words_of_its_language_and_of_no_other(language: str) -> None:
    assert [other for other in SMALL_WORDS if reads_as(TEXTS[language], other)] == [language]


def test_a_text_without_sentences_and_a_language_that_is_not_known_are_left_to_the_model() -> None:
    assert not reads_as("Ferry line, council, spring, harbour, vote, boats, mayor, debate, shore, tram", "en")
    assert not reads_as("여객선 새 항로", "ko")
    assert not reads_as("", "en")
