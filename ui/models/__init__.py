"""Item models and the readers that fill them. They insert, move and change rows; they do not reset on updates."""
