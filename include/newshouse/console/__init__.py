"""What the command line shows: progress bars, tables, one article, the doctor's findings."""
