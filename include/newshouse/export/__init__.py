"""Hand articles over: a folder of files in one format, with a card that says what they are.

formats.py   Parquet, CSV, JSON lines, Arrow: one batch after the other
card.py      README.md, as Hugging Face reads it
dataset.py   choose, write, finish in one move
"""
