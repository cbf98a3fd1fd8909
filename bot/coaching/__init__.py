"""The clinic's exercises as data and the coached session as a state machine. No dialogue engine."""
