"""Makes the source of the site from the Markdown pages of the repository and from the code.

`python -m docs.generator FOLDER` writes it; `scripts/docs` builds the site with Sphinx and checks its links. Nothing
that is generated is committed. Rule: nothing here imports Sphinx.

| file | content |
|---|---|
| `markdown.py` | tables, lists and escaped text |
| `repository.py` | the root and the APIs of the repository |
| `handwritten.py` | the pages of the repository, with links that lead to pages of the site |
| `command_line.py` | commands, options of pytest, marks, exit codes |
| `outcome_names.py` | outcomes and verdicts in every format |
| `fixtures.py`, `scenarios.py` | fixtures, and the scenarios with their steps |
| `record_format.py` | the members of results.json |
| `operations.py` | the OpenAPI documents |
| `register_pages.py`, `evidence.py` | requirements, with what checks them, and known deviations |
| `links.py` | finds the links of a built site that lead nowhere |
| `search.py` | searches a built site in a browser, from disk |
"""
