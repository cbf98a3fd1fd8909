"""What is done in the background: reminders that come due are put out and sent."""
