"""Servers that lie about one sentence each."""
