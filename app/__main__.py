"""`python -m app` is `phoneshelf`."""

from app.cli.entry import main

main()
