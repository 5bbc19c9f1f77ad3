"""Papers of rounds and dossiers."""
