"""The promises of docs/reliability.md as oracles, and every case of it as a test."""
