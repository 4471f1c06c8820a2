"""Where bytes lie.

files.py      whole files or nothing    longtexts.py  long texts of a Parquet file, read into memory of their size
folders.py    a folder of files, on this disk or in a bucket
bucket.py     a data root on an object store    condition.py  whether it keeps the condition that commits rest on
"""
