"""A second server of the chapter that shares no code with the reference server.

`server` routes requests, `runs` starts reports and exports, `reads` answers for their status and output, `search` finds
them and schedules jobs, `work` derives their state from the clock, `representation` reads and writes bodies,
`documents` writes the output formats, `reports` lists the reports and identities.
"""

from tests.jasperserver.independent.representation import Refused
from tests.jasperserver.independent.server import Independent
from tests.jasperserver.independent.work import Execution, Export

__all__ = ["Execution", "Export", "Independent", "Refused"]
