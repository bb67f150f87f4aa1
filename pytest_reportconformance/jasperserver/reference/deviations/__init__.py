"""How JasperReports Server differs from its documentation, one small class a difference.

`@plays("<id>")` names the entry of `specs/jasperserver/deviations.toml` that a class shows; a class without it shows a
difference about which the document is silent, and `editions.UNREGISTERED` lists it. Put a class before the reference
server in a list of base classes, and the server differs in that one way.
"""
