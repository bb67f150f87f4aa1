"""Coverage: which of the documented cases of each operation the transcripts of a run hold, and which are never sent."""
