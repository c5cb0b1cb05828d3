"""How people come in: HTTP to RPC and back. No database, no rules."""
