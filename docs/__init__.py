"""The documentation: Markdown pages, and the generator of everything else on the site (`scripts/docs`)."""
