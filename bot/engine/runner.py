"""Runs the trained graph node by node.

Rasa hands each prediction to a scheduler for clusters, which plans the graph anew every time, and
writes the inputs out for a log line that nobody reads: a third of a short turn. The graph of a
model does not change, so its order is found once. The results are the same.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

_Step = tuple[str, GraphNode, tuple[str, ...]]


class DirectRunner(DaskGraphRunner):
    """A graph runner that calls each node after those that it needs."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Runs the graph (see the parent class)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        known = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in self._steps(wanted):
                # What nobody made stays a name: a node says itself that it lacks it.
                known[name] = node(*(known.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: known[name][1] for name in wanted}

    def _steps(self, wanted: tuple[str, ...]) -> list[_Step]:
        """Returns the nodes that the wanted ones need, each after those that it needs itself."""
        planned: dict[tuple[str, ...], list[_Step]] = self.__dict__.setdefault("_planned", {})
        if wanted not in planned:
            nodes = self._graph_schema.minimal_graph_schema(list(wanted)).nodes
            order = TopologicalSorter({name: nodes[name].needs.values() for name in nodes})
            planned[wanted] = [
                (name, self._instantiated_nodes[name], tuple(nodes[name].needs.values()))
                for name in order.static_order()
                if name in nodes
            ]
        return planned[wanted]
