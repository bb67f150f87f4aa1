"""Renderings of a conformance report: one file each, all from the one record and the transcripts."""
