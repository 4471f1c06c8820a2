"""Facts about publishers: one YAML file each, strictly read."""
