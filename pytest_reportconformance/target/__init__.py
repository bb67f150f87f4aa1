"""Who is tested: the server with its identities, reports and limits.

`toml` reads target.toml into a `Target`, strictly: unknown keys and wrong types are refused with file and key.
`toml_writer` writes TOML.
"""
