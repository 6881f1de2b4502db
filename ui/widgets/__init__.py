"""Parts of the window. They show rows and send intents."""
