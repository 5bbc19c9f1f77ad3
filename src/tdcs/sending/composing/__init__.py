"""What is sent: tables of reports, texts of messages."""
