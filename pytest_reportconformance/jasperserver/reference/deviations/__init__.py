"""What JasperReports Server does otherwise than its documentation says, one small class a deviation.

Each class says which entry of `specs/jasperserver/deviations.toml` it plays. They stand beside the clean server: put
one before it in a list of base classes and it lies in that one way.
"""
