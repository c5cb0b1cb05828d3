"""Demonstration data: made-up organisations with registrations, contacts and exchanges in every state, all made through the API."""
