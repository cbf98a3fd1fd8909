"""BackCoach's parts of the dialogue engine: server, responses, conversation store."""
