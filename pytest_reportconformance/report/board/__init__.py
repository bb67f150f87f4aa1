"""The board: many targets, editions and versions as a static site. `columns` chooses the report of each target, `rows`
holds each requirement on every target, `deviations` each known deviation; `spans` says for which versions something is
so; `pages` renders, `site` names the files and writes them.

Rule: made of `report.runs` alone; the same reports make the same bytes.
"""
