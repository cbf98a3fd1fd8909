"""Actions of the dialogue: from the tracker to the core, and back as events and responses."""
