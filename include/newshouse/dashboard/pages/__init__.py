"""The pages: each module has the questions of a page and its route."""
