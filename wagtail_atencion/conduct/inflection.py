"""The other forms of a word: plurals, genders, diminutives, the common tenses. Pure.

Spelling rules of Spanish and English, without a dictionary. A form that nobody uses does no harm.
"""

from __future__ import annotations

import unicodedata

SHORTEST = 3  # letters; what is shorter is an abbreviation, and has no forms

# Endings for words in -o/-a and -ón; the first letter of each is put in the place of the vowel.
_DIMINUTIVES = ("it", "ill", "az", "ot", "ísim")
# The endings of the regular verbs, tense by tense.
_A_VERB = tuple(
    """
    o as a amos áis an  é aste ó asteis aron  aba abas ábamos abais aban
    aré arás ará aremos aréis arán  aría arías aríamos aríais arían
    e es emos éis en  ara aras áramos arais aran  ase ases ásemos aseis asen
    ad ando ado ada ados adas
    """.split()  # noqa: SIM905
)
_E_VERB = tuple(
    """
    o es e emos éis en  í iste ió imos isteis ieron  ía ías íamos íais ían
    eré erás erá eremos eréis erán  ería erías eríamos eríais erían
    a as amos áis an  iera ieras iéramos ierais ieran  iese ieses iésemos ieseis iesen
    ed iendo ido ida idos idas
    """.split()  # noqa: SIM905
)
_I_VERB = tuple(
    {"emos": "imos", "éis": "ís", "ed": "id"}.get(
        form, f"ir{form[2:]}" if form[:2] == "er" else form
    )
    for form in _E_VERB
)
_PRONOUNS = ("me", "te", "se", "le", "les", "lo", "la", "los", "las", "nos")
_WITH_PRONOUNS = {"ar": ("ar", "ando", "a", "e", "en"), "er": ("er", "iendo", "e", "a", "an")}
_WITH_PRONOUNS["ir"] = ("ir", "iendo", "e", "a", "an")


def forms_of(word: str, language: str) -> set[str]:
    """``word`` and its other forms, in small letters and without accents (ñ stays)."""
    word = plain(word)
    if len(word) < SHORTEST or not word.isalpha():
        return {word}
    inflect = {"es": _spanish, "en": _english}.get(language)
    return {word, *map(plain, inflect(word))} if inflect else {word}


def plain(word: str) -> str:
    """``word`` in small letters without its accents; ñ is a letter, not an accent."""
    kept = unicodedata.normalize("NFC", word).lower().replace("ñ", "\0")
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", kept) if not unicodedata.combining(letter)
    )
    return bare.replace("\0", "ñ")


def _spanish(word: str) -> set[str]:
    stem, ending = word[:-1], word[-1]
    if ending == "o":
        return {stem + gender + "s" * many for gender in "oa" for many in (0, 1)} | {
            _soft(stem, middle) + gender + plural
            for middle in _DIMINUTIVES
            for gender in "oa"
            for plural in ("", "s")
        }
    if ending == "a":
        return {word + "s"} | {
            _soft(stem, middle) + "a" + plural for middle in _DIMINUTIVES for plural in ("", "s")
        }
    if word.endswith("on"):
        return {word + end for end in ("es", "a", "as", "cito", "cita", "azo", "aza")}
    if word[-2:] in _WITH_PRONOUNS:
        return _conjugated(word[:-2], word[-2:]) | {word + "es"}
    if ending in "ei":
        return {word + "s"}
    if ending == "z":
        return {stem + "ces"}
    return {word + "es"} if ending in "ldrnj" else set()


def _soft(stem: str, ending: str) -> str:
    """``stem`` before ``i``, written so that it sounds as before ``o``: loc-o, loqu-ito."""
    if ending[0] in "eéií":
        for hard, soft in (("c", "qu"), ("g", "gu"), ("z", "c")):
            if stem.endswith(hard):
                return stem[:-1] + soft + ending
    return stem + ending


def _conjugated(stem: str, kind: str) -> set[str]:
    endings = {"ar": _A_VERB, "er": _E_VERB, "ir": _I_VERB}[kind]
    forms = {_soft(stem, ending) if kind == "ar" else stem + ending for ending in endings}
    return forms | {
        _soft(stem, ending) + pronoun for ending in _WITH_PRONOUNS[kind] for pronoun in _PRONOUNS
    }


def _english(word: str) -> set[str]:
    if word.endswith("e"):
        return {word + "s", word + "d", word + "r", word + "rs", word[:-1] + "ing"}
    if word.endswith("y") and word[-2] not in "aeiou":
        return {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return {word + end for end in ("es", "ed", "er", "ers", "ing")}
    vowel_between = word[-1] not in "aeiouwxy" and word[-2] in "aeiou" and word[-3] not in "aeiou"
    stem = word + word[-1] if vowel_between else word
    return {word + "s"} | {stem + end for end in ("ed", "er", "ers", "ing", "in", "y")}
