"""The screening interview before any exercise and for "my back hurts". No dialogue engine."""
