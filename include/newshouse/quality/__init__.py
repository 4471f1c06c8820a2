"""What history says about the data of today."""
