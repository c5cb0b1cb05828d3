"""The registry's reads, by noun. What a person may not see is not found: the rule stands in the query."""
