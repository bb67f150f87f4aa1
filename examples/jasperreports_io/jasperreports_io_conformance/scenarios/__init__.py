"""The flows that the checks read: those of JasperReports Server, as far as JasperReports IO documents them."""
