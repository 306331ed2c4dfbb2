"""`python -m bot` does what `steward` does."""

from bot.cli import main

if __name__ == "__main__":
    main(prog_name="steward")
