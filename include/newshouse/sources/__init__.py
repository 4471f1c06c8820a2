"""Facts about publishers: one YAML file each, strictly read.

model.py    the records, and so the one list of keys
rules.py    what a value must be; codes.py the countries, languages and time zones there are
strict.py   YAML -> record, every mistake with its line
load.py     a folder of files -> sources by id
draft.py    a homepage -> the file of a new source
imported.py the source of texts that a person brought in
"""
