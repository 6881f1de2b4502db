"""`python -m app` is `phoneshelf`; with the word of the thumbnail child it is that, and loads nothing else."""

import sys

from app.services import thumbnail_child

if sys.argv[1:] == [thumbnail_child.WORD]:
    sys.exit(thumbnail_child.main())

from app.cli.entry import main

main()
