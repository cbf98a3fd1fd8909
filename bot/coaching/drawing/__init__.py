"""The drawings of the exercises: scenes of simple shapes, written as SVG and as PNG."""
