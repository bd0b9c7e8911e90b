"""`python -m maildesk`: the command line."""

from maildesk.cli import main

if __name__ == "__main__":
    main()
