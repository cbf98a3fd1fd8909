import numpy as np
import pytest

from bot.encoder.errors import EncoderError
from bot.encoder.heads import Head, read_heads, write_heads


@pytest.fixture
def path(tmp_path):
    weight = np.float32([[1, 0], [0, 2]])
    head = Head(("none", "er_now"), weight, np.float32([0, -1]))
    write_heads(tmp_path / "heads.npz", {"level": head}, "abc")
    return tmp_path / "heads.npz"


def test_what_was_written_is_read(path):
    head = read_heads(path, "abc")["level"]
    assert head.classes == ("none", "er_now")
    assert head.weight.tolist() == [[1, 0], [0, 2]]


def test_probabilities(path):
    head = read_heads(path, "abc")["level"]
    shares = head.probabilities(np.float32([[0, 0.5], [1, 0], [900, 0]]))
    assert shares[0] == pytest.approx([0.5, 0.5])
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[2, 0] == 1


def test_heads_of_another_encoder_are_refused(path):
    with pytest.raises(EncoderError, match=r"another encoder.*retrain"):
        read_heads(path, "def")


@pytest.mark.parametrize("keep", [0, 10, 200])
def test_a_truncated_file_is_said(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(EncoderError, match="missing or damaged"):
        read_heads(path, "abc")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(EncoderError, match="missing or damaged"):
        read_heads(tmp_path / "none.npz", "abc")


def test_shapes_that_do_not_fit_are_said(tmp_path):
    head = Head(("a", "b"), np.zeros((3, 2), np.float32), np.zeros(3, np.float32))
    write_heads(tmp_path / "heads.npz", {"level": head}, "abc")
    with pytest.raises(EncoderError, match="missing or damaged"):
        read_heads(tmp_path / "heads.npz", "abc")
