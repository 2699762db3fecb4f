"""The activities: what people do with articles, terms and the memory."""
