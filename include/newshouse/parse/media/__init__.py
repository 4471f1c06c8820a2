"""Pictures and videos of an article.

figures.py   figures in the page, else what it names for sharing    pictures.py  those in no figure
captions.py  what a picture is of and who took it
"""
