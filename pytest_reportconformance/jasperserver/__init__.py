"""The asynchronous report service of JasperReports Server, `rest_v2/reportExecutions`."""
