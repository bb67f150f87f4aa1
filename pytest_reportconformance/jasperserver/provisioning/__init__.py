"""Reports, people and permissions that the suite brings to a JasperReports Server, and takes away again.

One administrator is needed, nothing else: no database, no file on the server. `making` puts the kit there, `removing`
takes it away, `kit` says what it is, `repository` and `users` are the requests, `speed` decides how long waits are.
"""
