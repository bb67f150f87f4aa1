"""What a security reviewer reads: no secret leaves a run.

`secret` wraps a credential and resolves `env:` and `file:`; `redaction` removes every form of it from an exchange
before the exchange is stored; `scan` searches every artifact at the end; `tty` asks for a password at a terminal.
"""
