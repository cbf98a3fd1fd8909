"""The clinic's page for staff: server-rendered, without scripts, in a process of its own."""
