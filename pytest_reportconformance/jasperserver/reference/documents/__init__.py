"""Valid documents of every output format, from the pages of a report."""
