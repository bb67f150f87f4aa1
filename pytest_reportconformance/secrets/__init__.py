"""What a security reviewer reads: no secret leaves a run.

`secret` wraps a credential and resolves `env:` and `file:`; `forms` finds every escaping of it; `redaction` removes
these from an exchange before the exchange is stored, `logs` from Python's logging; `scan` searches every artifact at
the end; `tty` asks for a password at a terminal.
"""
