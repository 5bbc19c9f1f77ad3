"""Papers of the close: letters about a decree that changes running loans."""
