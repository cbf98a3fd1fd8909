"""BackCoach: a back-pain assistant for a physical therapy clinic."""
