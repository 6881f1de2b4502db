"""Icons, styles, translations and sounds: data, no code."""
