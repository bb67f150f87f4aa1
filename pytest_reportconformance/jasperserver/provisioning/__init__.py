"""Users, reports and permissions that the suite creates on a JasperReports Server and removes afterwards.

This needs an administrator and nothing else: no database, no file on the server. `provision` creates the kit,
`deprovision` removes it, `kit` is its content, `ids` are its entries in the ledger, `repository` and `users` are the
requests, `speed` computes how long the waiting reports wait.
"""
