"""What a person should look at before a document is taken in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a document that may have been understood wrongly."""

    line: int
    """Of the text that was read, from 1; 0 where it is about the file as a whole."""
    kind: str
    """One word for it: `缺号`, `重号`, `像标题`, `跳级`, `前言过长`, `表格`, `附件无编号`, `图片`, `乱码`."""
    text: str
    """What it is and where, in a sentence for whoever imports the document."""
    number: str = ""
    """The article beside which it stands in a tree; empty where there is none."""
