"""One verb a file: parse, call one flow, print."""
