"""What a message reads like as a whole, whatever words a rule lists: an advert, a leak, an insult, or nothing of the kind.

A linear model over pieces of one to three characters. Its weights (`weights.txt`) are fitted to messages of our own by
`python -m bench.evaluation.flags.fit`; docs/decisions/0009-wording.md says why, docs/evaluation.md how often it is right. It needs no network, learns
nothing from what people write, and says the same of the same text always.
"""
