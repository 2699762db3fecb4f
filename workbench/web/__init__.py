"""The web server: accounts, the guard, and the API."""
