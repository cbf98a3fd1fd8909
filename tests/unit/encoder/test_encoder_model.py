import threading

import numpy as np
import pytest

from bot.encoder.convert import MIN_COSINE, read_reference
from bot.encoder.graph import MAX_PIECES, QUERIES, build, quantise
from bot.encoder.model import SentenceEncoder, open_session, pad, shared_encoder
from bot.settings import ENCODER_DIR


@pytest.fixture(scope="module")
def encoder():
    return SentenceEncoder.load(ENCODER_DIR)


def fresh():
    return SentenceEncoder.load(ENCODER_DIR, cache_size=0)


def test_padding_lays_sequences_side_by_side_with_their_mask():
    ids, mask = pad([[101, 7, 102], [101, 102]])
    assert ids.tolist() == [[101, 7, 102], [101, 102, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


@pytest.mark.parametrize("axis", [0, 1])
def test_quantised_matrix_is_within_half_a_step(axis):
    weight = np.random.default_rng(1).normal(size=(40, 30)).astype(np.float32)
    rounded, scale = quantise(weight, axis)
    assert scale.shape == ((40, 1), (1, 30))[axis]
    again = (rounded.astype(np.float32) - 128) * scale
    assert (np.abs(again - weight) <= scale * 0.51).all()


def test_a_column_of_zeros_stays_zero():
    rounded, _ = quantise(np.zeros((3, 2), dtype=np.float32), 1)
    assert (rounded == 128).all()


def small_bert(hidden=24, inner=48, layers=2, words=30, queries=None):
    """Returns the weights of a small encoder with random values."""
    random = np.random.default_rng(3)

    def values(*shape):
        return random.normal(size=shape).astype(np.float32)

    weights = {"embeddings.word_embeddings.weight": values(words, hidden)}
    weights["embeddings.position_embeddings.weight"] = values(MAX_PIECES, hidden)
    weights["embeddings.token_type_embeddings.weight"] = values(2, hidden)
    shapes = {"attention.self.query": (hidden, hidden), "attention.self.key": (hidden, hidden)}
    shapes |= {"attention.self.value": (hidden, hidden), "output.dense": (hidden, inner)}
    shapes |= {"attention.output.dense": (hidden, hidden), "intermediate.dense": (inner, hidden)}
    for layer in range(layers):
        for name, shape in shapes.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = values(*shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = values(shape[0])
        for name in ("attention.output", "output"):
            weights[f"encoder.layer.{layer}.{name}.LayerNorm.weight"] = values(hidden)
            weights[f"encoder.layer.{layer}.{name}.LayerNorm.bias"] = values(hidden)
    weights["embeddings.LayerNorm.weight"] = values(hidden)
    weights["embeddings.LayerNorm.bias"] = values(hidden)
    return weights if queries is None else {**weights, QUERIES: queries.astype(np.float32)}


class TestEvidence:
    IDS, MASK = pad([[1, 7, 9, 4, 2], [1, 7, 2]])

    def run(self, queries):
        session = open_session(build(small_bert(queries=queries), int8=True).SerializeToString())
        return session.run(None, {"input_ids": self.IDS, "attention_mask": self.MASK})

    def test_a_query_that_prefers_nothing_finds_the_mean(self):
        embedding, evidence = self.run(np.zeros((2, 24)))
        assert evidence == pytest.approx(np.concatenate([embedding, embedding], axis=1), abs=1e-4)

    def test_a_query_finds_what_it_asks_for_with_length_one(self):
        query = 5 * np.random.default_rng(1).normal(size=(1, 24))
        embedding, evidence = self.run(query)
        assert np.linalg.norm(evidence, axis=1) == pytest.approx(1, abs=1e-4)
        gain = (evidence - embedding) @ query[0]
        assert (gain > 0).all()

    def test_does_not_depend_on_the_padding(self):
        queries = np.random.default_rng(1).normal(size=(3, 24))
        _, together = self.run(queries)
        session = open_session(build(small_bert(queries=queries), int8=True).SerializeToString())
        ids, mask = pad([[1, 7, 2]])
        _, alone = session.run(None, {"input_ids": ids, "attention_mask": mask})
        assert together[1] == pytest.approx(alone[0], abs=1e-4)

    def test_an_encoder_without_queries_has_none(self):
        session = open_session(build(small_bert(), int8=False).SerializeToString())
        assert [output.name for output in session.get_outputs()] == ["embedding"]


@pytest.mark.trained
class TestEmbeddings:
    def test_are_near_the_values_computed_independently(self, encoder):
        sentences, reference = read_reference()
        cosines = (encoder.encode(sentences) * reference).sum(axis=1)
        assert cosines.min() > MIN_COSINE
        assert cosines.mean() > 0.985

    def test_have_length_one_and_the_promised_type(self, encoder):
        rows = encoder.encode(["my back hurts", "", "😀", "\x00", " \n"])
        assert rows.shape == (5, 384)
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)

    def test_of_nothing_is_an_empty_table(self, encoder):
        assert encoder.encode([]).shape == (0, 384)

    def test_do_not_depend_on_the_neighbours(self):
        texts = [f"it hurts {'really ' * (n % 40)}much, {n}" for n in range(50)]
        together = fresh().encode(texts)
        alone = np.concatenate([fresh().encode([text]) for text in texts[::7]])
        assert together[::7] == pytest.approx(alone, abs=1e-5)

    def test_come_back_in_the_order_of_the_texts(self, encoder):
        texts = ["a longer sentence about sleeping with pain", "stop", "yes", "stop"]
        rows = encoder.encode(texts)
        backwards = encoder.encode(texts[::-1])[::-1]
        assert (rows == backwards).all()
        assert (rows[1] == rows[3]).all()
        assert rows[0] @ rows[1] < 0.9

    def test_of_a_long_message_read_only_the_first_pieces(self):
        long = "pain " * 254
        rows = fresh().encode([long, long + "and then my leg went numb", "pain " * 100])
        assert rows[1] == pytest.approx(rows[0], abs=1e-6)
        assert not np.allclose(rows[0], rows[2], atol=1e-6)

    def test_ignore_case_accents_and_spacing(self):
        rows = fresh().encode(["mañana at the clínica", "MANANA  at the\tCLINICA"])
        assert rows[0] == pytest.approx(rows[1], abs=1e-6)

    def test_know_what_means_the_same(self, encoder):
        same, other, base = encoder.encode(
            ["how much do i have to pay", "lie on your stomach", "what does it cost?"]
        )
        assert base @ same > base @ other + 0.3

    def test_are_the_same_from_many_threads(self):
        texts = [f"message number {n} about my back" for n in range(40)]
        expected, shared, results = fresh().encode(texts), fresh(), {}

        def work(number):
            results[number] = shared.encode(texts)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(np.allclose(results[n], expected, atol=1e-6) for n in range(4))


@pytest.mark.trained
class TestCache:
    def test_gives_the_same_and_keeps_to_its_size(self):
        encoder = SentenceEncoder.load(ENCODER_DIR, cache_size=3)
        texts = ["one", "two", "three", "four", "five"]
        assert (encoder.encode(texts) == encoder.encode(texts)).all()
        assert len(encoder._cache) == 3

    def test_forgets_what_was_not_asked_for_longest(self):
        encoder = SentenceEncoder.load(ENCODER_DIR, cache_size=2)
        for text in ("one", "two", "one", "three"):
            encoder.encode([text])
        assert set(encoder._cache) == {"one", "three"}

    def test_is_not_changed_by_who_changes_the_result(self):
        encoder = SentenceEncoder.load(ENCODER_DIR)
        rows = encoder.encode(["one"])
        before = rows.copy()
        rows[:] = 0
        assert (encoder.encode(["one"]) == before).all()

    def test_process_shares_one_encoder(self):
        assert shared_encoder(ENCODER_DIR) is shared_encoder(ENCODER_DIR)


@pytest.mark.trained
@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("my back hurts", "[CLS] my back hurts [SEP]"),
        ("BACK", "[CLS] back [SEP]"),
        ("can't", "[CLS] can ' t [SEP]"),
        ("7/10", "[CLS] 7 / 10 [SEP]"),
        ("multifidus", "[CLS] multi ##fi ##dus [SEP]"),
        ("", "[CLS] [SEP]"),
        ("clínica", "[CLS] clinic ##a [SEP]"),
    ],
)
def test_tokenisation(encoder, text, pieces):
    assert " ".join(encoder._tokenizer.encode(text).tokens) == pieces
