"""What the packaged program runs: the command line, and with no command the window."""

from viewer.cli import main

raise SystemExit(main())
