"""Text without its disguises: the letters a reader sees, whatever characters were typed. Pure.

``letters_of`` gives one byte for each character, so that places in it are places in the text:
``a`` to ``z``, ñ (never an n: "ano" is not "año"), digits and ASCII signs as they are, and ``?``
for what looks like none of these. ``sound_of`` goes further: spellings that sound the same in
Spanish become one.
"""

from __future__ import annotations

import re
import unicodedata

# Letters of other alphabets, of phonetics and with strokes, which no decomposition leads to the
# Latin letter they look like. Those of mathematics, in circles or full width have one.
LOOKALIKES = {
    "a": "аɑαᗅꓮꭺ⍺ᴀᎪɐ",
    "b": "ƅвьᏼᑲᖯᗷꓐꮟʙɓƀъβ",
    "c": "ϲсᴄⲥꓚꮯƈȼ",
    "d": "ԁᑯᗞᗪꓒꓓꭰꮷᴅđɖɗð",
    "e": "εеҽ℮ꓰꬲꭼᴇєɇɛəǝё",
    "f": "ϝꓝꞙꬵꜰƒ",
    "g": "ƍɡցᶃꓖꮐɢǥɠ",
    "h": "һհᕼⲏꓧꮋʜħнԋ",
    "i": "ıɩɪιіꙇꭵɨ",
    "j": "ϳјᒍꓙꭻᴊɉ",
    "k": "κкᛕⲕꓗꮶᴋƙқ",
    "l": "ǀӏᒪⅼⲓⳑꓡꮮʟłɭƚ",
    "m": "мᗰᛖⲙꓟꮇᴍɱ",
    "n": "ηոռⲛꓠɴƞɲŋп",
    "o": "οσоօᴏⲟⵔ〇ꓳꬽøɵөഠ",
    "p": "ρрᑭ⍴ⲣꓑꮲᴘþƥ",
    "q": "ԛգզⵕǫɋ",
    "r": "гᖇᴦⲅꓣꭇꭈꭱꮁꮢʀɍɾя",
    "s": "ƽѕտꓢꜱꮥꮪʂ",
    "t": "τтⲧꓔꭲᴛŧƭʈ",
    "u": "ʋυսሀᑌᴜꓴꞟꭎꭒʉц",
    "v": "νѵᐯᴠⴸꓦꛟꮩʌ",
    "w": "ɯѡԝաᴡꓪꮃꮤшω",
    "x": "χхᕁᕽ᙭ᚷⲭⵝꓫꭓ×",
    "y": "ɣʏγуүყᶌỿⲩꓬꭚꭹꮍɏ",
    "z": "ᴢꓜꮓƶʐζ",
}
# Letters in black circles, in squares, and those that flags are made of: alphabets in order.
ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)
# Blanks that Unicode calls something else.
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"

N_TILDE = "ñ".encode("latin-1")
_TILDE = "\u0303"
_NOT_ONE = "\ufffe"  # stands for a character that is seen as none or as several


def _looks() -> dict[str, str]:
    looks = {form: letter for letter in LOOKALIKES for form in LOOKALIKES[letter]}
    capitals = {form.upper(): letter for form, letter in looks.items()}
    looks |= {
        form: letter for form, letter in capitals.items() if len(form) == 1 and ord(form) > 127
    }
    looks |= {chr(start + n): chr(ord("a") + n) for start in ALPHABETS for n in range(26)}
    looks |= dict.fromkeys(BLANKS, " ")
    return looks | {"ñ": "ñ", "Ñ": "ñ"}


_LOOKS = _looks()
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Me", "Mn"})


def _seen_as(character: str) -> str:
    """What is seen of one character: "" if nothing, several characters if it holds several."""
    if character in _LOOKS:
        return _LOOKS[character]
    if character.isspace():
        return " "
    if unicodedata.category(character) in _UNSEEN:
        return ""
    seen = ""
    for part in unicodedata.normalize("NFKD", character.casefold()).casefold():
        if part in _LOOKS:
            seen += _LOOKS[part]
        elif unicodedata.category(part) not in _UNSEEN:
            seen += part if part.isascii() else "?"
    return seen


class _Seen(dict[int, str]):
    """What is seen of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        seen = _seen_as(chr(code))
        self[code] = seen if len(seen) == 1 else _NOT_ONE
        return self[code]


_SEEN = _Seen()
_LATIN_1 = "".join(_SEEN[code] for code in range(256))
_LATIN_1_SEEN = _LATIN_1.replace(_NOT_ONE, "?").encode("latin-1")
_LATIN_1_ODD = re.compile(
    b"[" + re.escape(bytes(code for code in range(256) if _LATIN_1[code] == _NOT_ONE)) + b"]"
)


def letters_of(text: str) -> tuple[bytes, list[int] | None]:
    """The letters seen in ``text``, and the place of each in ``text``.

    The last place is the end of the text. The places are ``None`` when each letter stands where
    its character does, as it mostly is.
    """
    try:
        plain = text.encode("latin-1")
    except UnicodeEncodeError:
        seen = text.translate(_SEEN)
        if _NOT_ONE not in seen and _TILDE not in text:
            return seen.encode("latin-1"), None
    else:
        if not _LATIN_1_ODD.search(plain):
            return plain.translate(_LATIN_1_SEEN), None
    return _letters_one_by_one(text)


def _letters_one_by_one(text: str) -> tuple[bytes, list[int]]:
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character == _TILDE and letters and letters[-1] == "n":
            letters[-1] = "ñ"
            continue
        for letter in _seen_as(character):
            letters.append(letter)
            places.append(place)
    places.append(len(text))
    return "".join(letters).encode("latin-1"), places


_SPELLINGS = (
    (b"ch", b"\xe7"),  # a sound of its own
    (b"hue", b"gue"),
    (b"we", b"gue"),
    (b"w", b"gu"),
    (b"ce", b"se"),
    (b"ci", b"si"),
    (b"qu", b"k"),
    (b"ge", b"je"),
    (b"gi", b"ji"),
    (b"gue", b"ge"),
    (b"gui", b"gi"),
    (b"ll", b"y"),
    (b"ph", b"f"),
)
_SAME = bytes.maketrans(b"ckqzvx", b"kkksbj")
_SILENT = re.compile(rb"(?<![b-df-gj-np-tv-z])h(?=[aeiou])")


def sound_of(letters: bytes) -> bytes:
    """``letters`` with the spellings that Spanish speakers mix up made one, word by word."""
    for spelling, same in _SPELLINGS:
        letters = letters.replace(spelling, same)
    return _SILENT.sub(b"", letters).translate(_SAME)


_RUN = re.compile(rb"(.)\1+", re.DOTALL)


def without_repeats(letters: bytes) -> bytes:
    """``letters`` with one of each run of the same letter."""
    return _RUN.sub(rb"\1", letters)
