"""What is accepted as showing that something was done, however it was made."""

import io
import random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from coe.promises.files import JPEG, MOST_BYTES, PNG, accepted_file
from coe.promises.forms import DoneForm
from coe.promises.services import Upload


def drawn(form: str, picture: Image.Image | None = None, **more: Any) -> bytes:
    written = io.BytesIO()
    (picture or Image.effect_noise((24, 24), 50).convert("RGB")).save(written, form, **more)
    return written.getvalue()


def accepted(content: bytes) -> Upload:
    return accepted_file(SimpleUploadedFile("a.bin", content))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_picture_that_says_nonsense_of_itself_is_refused_or_drawn_and_never_breaks() -> None:
    """Of what stands beside the pixels a camera may have written anything."""
    about = Image.Exif()
    about[0x0112], about[0x010E] = 6, "hello"
    whole = [drawn(form, exif=about) for form in ("JPEG", "PNG", "WEBP")]
    chance = random.Random(7)
    for number in range(6_000):
        bent = bytearray(whole[number % 3])
        for _ in range(chance.randint(1, 6)):
            bent[chance.randrange(min(len(bent), 140))] = chance.randrange(256)
        try:
            accepted(bytes(bent))
        except ValidationError:
            continue


def test_a_small_file_is_never_kept_as_a_large_one() -> None:
    """Two megabytes of a lossy picture would be forty of a lossless one."""
    noise = Image.effect_noise((2_000, 2_000), 30)
    small = drawn("WEBP", noise.convert("RGB"), quality=2, method=0)
    assert len(small) < MOST_BYTES
    assert len(accepted(small).content) <= 2 * MOST_BYTES


@pytest.mark.parametrize(("mode", "kept"), [("RGB", JPEG), ("RGBA", PNG)])
def test_a_picture_stays_one_through_which_one_can_see_or_not(mode: str, kept: str) -> None:
    assert accepted(drawn("WEBP", Image.new(mode, (8, 8), "#ff000066"))).media_type == kept


@pytest.mark.parametrize("address", ["ftp://example.org/a", "javascript:alert(1)", "data:x"])
def test_evidence_is_an_address_on_the_web(address: str) -> None:
    typed = {"to": "done", "start": "accepted", "note": "It rang.", "evidence": address}
    assert "evidence" in DoneForm(typed).errors
