"""`python -m docs.generate`: write every generated file anew."""

from __future__ import annotations

from docs.generate.pages import ROOT, pages


def main() -> None:
    """Write what differs, and say so."""
    for path, text in pages().items():
        file = ROOT / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"written: {path}")


if __name__ == "__main__":
    main()
