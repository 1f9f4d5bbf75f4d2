"""The numbers behind calls: rows -> a table of groups and measures. Pure: no input or output happens here."""
