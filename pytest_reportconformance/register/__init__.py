"""What is promised: the requirements of each API, as data read from `specs/`.

`register` reads and checks one API's requirements, `products` the known deviations and facts of its products, `sets`
frozen sets of ids, `versions` ranges of versions, `strict_toml` any TOML with errors that name file and key. `apis`
finds the APIs themselves, `steps` the steps of their scenarios, `own` requirements of the user's own.
"""
