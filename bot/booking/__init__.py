"""Appointments: which times exist, which of them fit a wish, and the file for a calendar."""
