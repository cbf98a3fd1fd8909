import numpy as np
import pytest

from bot.encoder.disk_cache import encode_cached


class Encoder:
    """Counts what it is asked for."""

    def __init__(self, identity="a" * 64):
        self.identity = identity
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        return np.stack([np.full(384, len(text), dtype=np.float32) for text in texts])


def test_the_second_time_nothing_is_encoded(tmp_path):
    encoder = Encoder()
    first = encode_cached(encoder, ["one", "three", "one"], tmp_path)
    again = encode_cached(encoder, ["three", "one"], tmp_path)
    assert encoder.asked == ["one", "three"]
    assert first[:, 0].tolist() == [3, 5, 3]
    assert again[:, 0].tolist() == [5, 3]


def test_only_new_texts_are_encoded(tmp_path):
    encoder = Encoder()
    encode_cached(encoder, ["one"], tmp_path)
    encode_cached(encoder, ["one", "two"], tmp_path)
    assert encoder.asked == ["one", "two"]


def test_texts_no_longer_used_are_dropped(tmp_path):
    encoder = Encoder()
    encode_cached(encoder, ["one", "two"], tmp_path)
    encode_cached(encoder, ["three"], tmp_path)
    encode_cached(encoder, ["one"], tmp_path)
    assert encoder.asked == ["one", "two", "three", "one"]


def test_another_encoder_has_its_own(tmp_path):
    encode_cached(Encoder(), ["one"], tmp_path)
    other = Encoder("b" * 64)
    encode_cached(other, ["one"], tmp_path)
    assert other.asked == ["one"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nothing", b"\x93NUMPY"])
def test_a_damaged_cache_is_made_anew(tmp_path, damage):
    encode_cached(Encoder(), ["one"], tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    encoder = Encoder()
    assert encode_cached(encoder, ["one"], tmp_path)[0, 0] == 3
    assert encoder.asked == ["one"]
    encode_cached(encoder, ["one"], tmp_path)
    assert encoder.asked == ["one"]


def test_a_cache_of_other_shape_is_made_anew(tmp_path):
    encode_cached(Encoder(), ["one"], tmp_path)
    (path,) = tmp_path.iterdir()
    np.savez(path, keys=np.zeros((2, 16), np.uint8), vectors=np.zeros((2, 5), np.float32))
    assert encode_cached(Encoder(), ["one"], tmp_path)[0, 0] == 3


def test_a_place_that_cannot_be_written_costs_time_only(tmp_path):
    (tmp_path / "file").write_text("")
    assert encode_cached(Encoder(), ["one"], tmp_path / "file" / "cache")[0, 0] == 3


def test_of_nothing_is_an_empty_table(tmp_path):
    assert encode_cached(Encoder(), [], tmp_path).shape == (0, 384)
